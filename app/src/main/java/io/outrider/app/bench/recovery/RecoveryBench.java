package io.outrider.app.bench.recovery;

import com.typesafe.config.Config;
import io.outrider.app.bench.recovery.RecoveryReport.Took;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.app.node.OutriderNode;
import io.outrider.core.event.Transaction;
import io.outrider.detection.DetectionSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Gives a node a checkpoint with many accounts, and takes how long it needs to serve them and what they take on the heap,
 * first all of them out of memory, then with some or all of them used.
 */
final class RecoveryBench {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** Nothing leaves memory for being idle, so that what is measured is there. */
    private static final Map<String, String> STAYING = Map.of("outrider.detection.passivate-after", "1 hour");

    private final Request request;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param accounts in the checkpoint
     * @param touch how many of them get an event
     */
    record Request(int accounts, int touch) {}

    /** What a node did until it served. */
    private record Served(Took took, long heap) {}

    RecoveryBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    RecoveryReport run() throws IOException {
        progress.accept("fitting a model and starting a broker");
        try (BenchWorld world = BenchWorld.create()) {
            Served empty;
            TopicInfo topic = world.kafka().topics(KafkaSettings.from(config(world, "warm-up")));
            progress.accept("a node without accounts, once to warm up");
            try (OutriderNode node = world.node("warm-up", config(world, "warm-up"))) {
                awaitServing(node, topic.partitions());
            }
            try (OutriderNode node = world.node("empty", config(world, "empty"))) {
                empty = served(node, topic.partitions());
            }
            progress.accept(String.format("writing a checkpoint of %,d accounts", request.accounts()));
            ManyAccounts many = new ManyAccounts(world, topic);
            Stopwatch writing = new Stopwatch();
            long bytes = many.write(world.lake("recovery"), request.accounts());
            Took write = writing.took();
            progress.accept("a node that serves them");
            Config config = config(world, "recovery");
            try (OutriderNode node = world.node("recovery", config)) {
                Served recovery = served(node, topic.partitions());
                progress.accept(String.format("an event for %,d of them", request.touch()));
                Stopwatch touching = new Stopwatch();
                long checkpoints = node.metrics().checkpoints.sum();
                Iterator<Transaction> events = many.events(request.touch());
                world.kafka().send(events);
                await("the events", () -> node.metrics().events.sum() >= request.touch());
                Took touched = touching.took();
                await("a checkpoint", () -> node.metrics().checkpoints.sum() > checkpoints);
                return new RecoveryReport(
                        request.accounts(),
                        bytes,
                        write,
                        empty.took(),
                        recovery.took(),
                        empty.heap(),
                        recovery.heap(),
                        request.touch(),
                        touched,
                        DetectionSettings.from(config).maxAccountsInMemory(),
                        Stopwatch.liveHeap());
            }
        }
    }

    private static Config config(BenchWorld world, String pass) throws IOException {
        Config config = world.kafka().config(pass, STAYING);
        world.kafka().topics(KafkaSettings.from(config));
        return config;
    }

    private Served served(OutriderNode node, int partitions) {
        Stopwatch stopwatch = new Stopwatch();
        awaitServing(node, partitions);
        return new Served(stopwatch.took(), Stopwatch.liveHeap());
    }

    private static void awaitServing(OutriderNode node, int partitions) {
        await("the node", () -> {
            var status = node.status().snapshot();
            return status.ready() && status.partitions().size() == partitions;
        });
    }

    private static void await(String what, BooleanSupplier done) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " took more than " + LIMIT.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
