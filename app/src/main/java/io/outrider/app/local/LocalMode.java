package io.outrider.app.local;

import com.typesafe.config.Config;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.command.CommandException;
import io.outrider.app.node.NodeParts;
import io.outrider.app.node.OutriderNode;
import io.outrider.app.node.Role;
import io.outrider.app.node.Storage;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.rekey.ReKeySettings;
import io.outrider.ingestion.rekey.ReKeyer;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.blob.LakeFormat;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.pseudonym.PseudonymSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything on loopback and, but for batch runs, in one process: broker, lake, model, node, traffic. {@link #start} goes
 * through them in the order of the data; closing goes back.
 */
final class LocalMode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalMode.class);

    /** How long the node may take to be ready while no event is done. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(2);

    private static final Duration START_RETRY = Duration.ofMillis(200);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    private final LocalOptions options;
    private final LocalPrinter printer;
    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> stopping = new ArrayDeque<>();
    private boolean closed;

    LocalMode(LocalOptions options, LocalPrinter printer) {
        this.options = options;
        this.printer = printer;
    }

    /**
     * Starts everything and returns when it is ready.
     *
     * @throws CommandException for what a person can mend: a busy port, a data directory in use
     */
    void start() throws IOException {
        DataDirectory directory = onStop(DataDirectory.open(options.dataDir()));
        int port = LocalPorts.free(options.port(), "--port");
        int kafkaPort = LocalPorts.free(options.kafkaPort(), "--kafka-port");
        BlobStore lake = new FolderBlobStore(directory.lake());
        LakeFormat.check(lake);
        Config config = LocalConfig.of(options.profile(), kafkaPort, directory.lake());
        checkPseudonyms(config);
        KafkaSettings kafka = KafkaSettings.from(config);
        FeaturePlan plan = FeaturePlan.named(LocalConfig.planName(options.profile()));
        EventReading reading = new EventReading(plan.schema(), AccountPartitioner.named("murmur2"));
        Duration past = LocalConfig.past(options.profile());
        LocalWorld world = LocalWorld.of(lake, options.profile().wireName(), clock.instant());
        Simulation simulation = new Simulation(SimulatorSettings.from(config), plan.schema());

        printer.step("broker", "127.0.0.1:" + kafkaPort);
        onStop(EmbeddedBroker.start(directory.broker(), kafkaPort));
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
            TopicInfo transactions = topics.describe(kafka.topics().transactions());
            ModelStages stages =
                    new ChampionModel(lake, plan, config, printer).stages(simulation, world.historyEndAt(), past);
            SimulatedTraffic traffic = new SimulatedTraffic(lake, kafka, transactions, reading, world);
            if (options.simulate() && !world.historySent()) {
                printer.step(
                        "history",
                        LocalPrinter.days(past) + " of " + options.profile().wireName());
                traffic.sendHistory(simulation.history(past, world.historyEndAt()), topics);
            }
            OutriderNode node = onStop(OutriderNode.start(new NodeParts(
                    config,
                    EnumSet.allOf(Role.class),
                    kafka,
                    HttpSettings.of(config).withPort(port),
                    () -> new Storage(lake, new ModelFiles(lake, plan.name()), stages.context(0)),
                    plan,
                    reading.partitioner(),
                    START_RETRY,
                    STOP_LIMIT,
                    clock)));
            if (options.rekey()) {
                ReKeyer rekeyer = onStop(new ReKeyer(kafka, ReKeySettings.from(config), reading));
                rekeyer.start();
            }
            awaitReady(node);
            printer.alerts(node.alerts(), world.historyEndAt(), plan.words().subject());
            onStop(traffic);
            if (options.simulate()) {
                traffic.start(simulation, options.eventsPerSecond());
            }
            printer.ready(node.port(), kafkaPort, options);
            if (options.simulate()) {
                printer.simulatedTime(world.sentUntilAt(), options.eventsPerSecond(), SimulatorSettings.from(config));
            }
        }
    }

    private static void checkPseudonyms(Config config) {
        try {
            var unused = PseudonymSettings.key(config);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Stops everything in the opposite order; what is started afterwards is stopped at once. May be called while starting. */
    @Override
    public void close() {
        synchronized (stopping) {
            closed = true;
            while (!stopping.isEmpty()) {
                stop(stopping.pop());
            }
        }
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Stopping failed", e);
        }
    }

    private void awaitReady(OutriderNode node) {
        long deadline = System.nanoTime() + STALL_LIMIT.toNanos();
        long seen = 0;
        CompletableFuture<?> started = node.started().toCompletableFuture();
        while (!node.status().snapshot().ready()) {
            if (started.isCompletedExceptionally()) {
                started.join(); // never will be: say why
            }
            long events = node.metrics().events.sum();
            if (events > seen) {
                seen = events;
                deadline = System.nanoTime() + STALL_LIMIT.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new CommandException("not ready, and nothing has moved for " + STALL_LIMIT.toSeconds() + " s: "
                        + String.join("; ", node.status().snapshot().reasons()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private <T extends AutoCloseable> T onStop(T part) {
        synchronized (stopping) {
            if (closed) {
                stop(part);
                throw new CommandException("stopped while starting");
            }
            stopping.push(part);
        }
        return part;
    }
}
