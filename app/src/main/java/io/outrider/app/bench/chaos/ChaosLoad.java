package io.outrider.app.bench.chaos;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.EventSchema;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.SimulatedRecord;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.ingestion.simulator.TrafficSender;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The simulated world's events at a steady rate, each also written to a file, one JSON object a line, as sent. */
final class ChaosLoad implements AutoCloseable {

    private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");
    private static final Duration HISTORY = Duration.ofDays(30);

    private final Path file;
    private final Simulation simulation;
    private final double eventsPerSecond;
    private final TrafficSender sender;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile long taken;

    /** A load that is not started yet. */
    ChaosLoad(KafkaSettings kafka, Simulation simulation, Path file, double eventsPerSecond) {
        this.file = file;
        this.simulation = simulation;
        this.eventsPerSecond = eventsPerSecond;
        this.sender = new TrafficSender(kafka, Clock.systemUTC());
    }

    static Simulation world(int accounts, EventSchema schema) {
        return new Simulation(
                SimulatorSettings.from(ConfigFactory.parseMap(Map.of("outrider.simulator.accounts", accounts))
                        .withFallback(ConfigFactory.load())
                        .resolve()),
                schema);
    }

    /** Writes the month before, for the first model. */
    static void writeHistory(Simulation simulation, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            Iterator<SimulatedEvent> events = simulation.history(HISTORY, BEGIN);
            while (events.hasNext()) {
                out.write(events.next().json());
                out.write('\n');
            }
        }
    }

    void start(TopicInfo topic, AccountPartitioner partitioner) {
        TrafficSender.Plan plan =
                new TrafficSender.Plan(new AccountRecords(topic, partitioner), true, "", eventsPerSecond, 0, 0, 0);
        Thread thread = new Thread(
                () -> {
                    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                        done.complete(sender.send(new Events(out), plan, progress -> {})
                                .events());
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                "load");
        thread.setDaemon(true);
        thread.start();
    }

    /** Events sent so far, about. */
    long sent() {
        return taken;
    }

    /** Stops, and returns the number of events when the broker has them all and the file is complete. */
    long stop() throws IOException, InterruptedException {
        stopped = true;
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IOException("the load failed: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        stopped = true;
        sender.close();
    }

    /** The world's events, without labels, written as they are taken. */
    private final class Events implements Iterator<SimulatedRecord> {

        private final Iterator<SimulatedRecord> world = simulation.from(BEGIN);
        private final OutputStream out;
        private long count;

        Events(OutputStream out) {
            this.out = out;
        }

        /** What was taken is also sent: the sender looks here before it takes the next. */
        @Override
        public boolean hasNext() {
            return !stopped;
        }

        @Override
        public SimulatedRecord next() {
            SimulatedRecord record;
            do {
                record = world.next();
            } while (!(record instanceof SimulatedEvent));
            try {
                out.write(record.json());
                out.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            taken = ++count;
            return record;
        }
    }
}
