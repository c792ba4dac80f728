package io.outrider.app.bench.chaos;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.simulator.Simulation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running cluster of three under load, to which something is done, and the comparison at the end. */
final class ChaosWorld {

    private static final int WARM_UP_SECONDS = 5;

    /**
     * What is run.
     *
     * @param home the checkout that nodes run from unless something else is done to them
     * @param folder for everything that is written: {@code input.ndjson}, {@code accounts.ndjson}, logs, broker, lake
     * @param blobServer an Azurite for the lake, whose lake is deleted first; without, the lake is a folder
     * @param eventsPerSecond of the load
     */
    record Request(Path home, Path folder, Optional<URI> blobServer, int accounts, double eventsPerSecond, long seed) {}

    /** What is done while the load runs. */
    interface Deed {
        void to(ChaosCluster cluster) throws IOException, InterruptedException;
    }

    private final Request request;

    ChaosWorld(Request request) {
        this.request = request;
    }

    /** @param firstHome the checkout that the nodes are first started from */
    Comparison.Outcome run(Path firstHome, Deed deed) throws IOException, InterruptedException {
        List<Path> homes = Stream.of(request.home(), firstHome).distinct().toList();
        Path folder = Files.createDirectories(request.folder());
        Path history = folder.resolve("history.ndjson");
        Path input = folder.resolve("input.ndjson");
        FeaturePlan plan = FeaturePlan.named("transactions");
        Simulation simulation = ChaosLoad.world(request.accounts(), plan.schema());
        ChaosLoad.writeHistory(simulation, history);
        if (request.blobServer().isPresent()) {
            Azurite.empty(request.blobServer().get().getPort());
        }
        try (ChaosCluster cluster = new ChaosCluster(request, history)) {
            cluster.broker().start();
            try (ChaosLoad load =
                    new ChaosLoad(cluster.broker().kafka(""), simulation, input, request.eventsPerSecond())) {
                var topic = cluster.broker().topics("");
                cluster.start(firstHome);
                load.start(topic, AccountPartitioner.named("murmur2"));
                TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
                deed.to(cluster);
                long events = load.stop();
                return new Comparison(cluster, folder, homes).against(input, events);
            }
        }
    }
}
