package io.outrider.app.local;

import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.SimulatedRecord;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.TrafficSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated world's way onto the log: its past once, then its present for ever. Both survive a kill: the past goes on
 * where the log ends, the present where it cannot have been sent yet, so no event is sent twice.
 */
final class SimulatedTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedTraffic.class);

    /** Event time that is reserved in the lake before any of it is sent; what a kill may skip at most. */
    private static final Duration RESERVED = Duration.ofHours(6);

    private static final long STOP_LIMIT_MS = 3_000;

    private final BlobStore lake;
    private final KafkaSettings kafka;
    private final TopicInfo topic;
    private final EventReading reading;
    private final TrafficSender sender;
    private LocalWorld world;
    private @Nullable Thread thread;

    SimulatedTraffic(BlobStore lake, KafkaSettings kafka, TopicInfo topic, EventReading reading, LocalWorld world) {
        this.lake = lake;
        this.kafka = kafka;
        this.topic = topic;
        this.reading = reading;
        this.world = world;
        this.sender = new TrafficSender(kafka, Clock.systemUTC());
    }

    /**
     * Sends what is still missing of the past. Where each partition's log ended before is remembered first; each takes
     * the same events in the same order every time, so as many as have come since are passed over.
     *
     * @return how many were sent
     */
    long sendHistory(Iterator<SimulatedEvent> history, Topics topics) throws IOException {
        long[] present = ends(topics);
        if (world.historyBase().isEmpty()) {
            world = world.withHistoryBase(Arrays.stream(present).boxed().toList());
            world.save(lake);
        }
        for (int partition = 0; partition < present.length; partition++) {
            present[partition] -= world.historyBase().get(partition);
        }
        AccountRecords records = new AccountRecords(topic, reading.partitioner());
        long sent = 0;
        try (BulkProducer producer = new BulkProducer(kafka)) {
            while (history.hasNext()) {
                SimulatedEvent event = history.next();
                int partition = reading.partitioner().partition(event.account(), topic.partitions());
                if (present[partition] > 0) {
                    present[partition]--;
                } else {
                    producer.send(records.of(event.account(), event.json()));
                    sent++;
                }
            }
            producer.flush();
        }
        world = world.withHistorySent();
        world.save(lake);
        return sent;
    }

    private long[] ends(Topics topics) throws IOException {
        long[] ends = new long[topic.partitions()];
        for (int partition = 0; partition < ends.length; partition++) {
            ends[partition] = topics.endOffset(topic.name(), partition);
        }
        return ends;
    }

    /** Sends the present, on a thread of its own, until closed. */
    void start(Simulation simulation, double eventsPerSecond) {
        Iterator<SimulatedRecord> present = simulation.from(world.sentUntilAt());
        TrafficSender.Plan plan = new TrafficSender.Plan(
                new AccountRecords(topic, reading.partitioner()),
                true,
                kafka.topics().labels(),
                eventsPerSecond,
                0,
                0,
                0);
        thread = new Thread(() -> run(present, plan), "outrider-simulator");
        thread.start();
    }

    private void run(Iterator<SimulatedRecord> present, TrafficSender.Plan plan) {
        try {
            Reserving reserving = new Reserving(present);
            sender.send(reserving, plan, progress -> {});
            world = world.withSentUntil(Instant.ofEpochMilli(reserving.lastTimeMs + 1));
            world.save(lake);
        } catch (IOException | RuntimeException e) {
            LOG.error("Simulated traffic has ended", e);
        }
    }

    /** Stops sending; what was sent is acknowledged when it returns. */
    @Override
    public void close() {
        sender.stop();
        try {
            if (thread != null) {
                thread.join(STOP_LIMIT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }

    /** Passes records on, none before the lake knows that it may have been sent. */
    private final class Reserving implements Iterator<SimulatedRecord> {

        private final Iterator<SimulatedRecord> records;
        private long reservedUntilMs;
        private long lastTimeMs;

        Reserving(Iterator<SimulatedRecord> records) {
            this.records = records;
            this.reservedUntilMs = world.sentUntilAt().toEpochMilli();
            this.lastTimeMs = reservedUntilMs - 1;
        }

        @Override
        public boolean hasNext() {
            return records.hasNext();
        }

        @Override
        public SimulatedRecord next() {
            SimulatedRecord record = records.next();
            if (record.timeMs() >= reservedUntilMs) {
                reservedUntilMs = record.timeMs() + RESERVED.toMillis();
                world = world.withSentUntil(Instant.ofEpochMilli(reservedUntilMs));
                try {
                    world.save(lake);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            lastTimeMs = Math.max(lastTimeMs, record.timeMs());
            return record;
        }
    }
}
