package io.outrider.app.bench.latency;

import io.outrider.core.alert.AlertCodec;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads alerts back from the broker as they come, and takes the time since the events that they are about were due. */
final class AlertArrivals implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Due> due = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "alerts");
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException failure;

    /** When an event was due, and what its alert's delay counts for. */
    private record Due(long nanos, Histogram micros) {}

    /** Reads what comes from now on. */
    AlertArrivals(KafkaSettings kafka) {
        consumer = new KafkaConsumer<>(kafka.consumerProperties());
        List<TopicPartition> partitions = consumer.partitionsFor(kafka.topics().alerts()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.setDaemon(true);
        thread.start();
    }

    /** What delays are counted in, microseconds. */
    static Histogram histogram() {
        return new ConcurrentHistogram(3_600_000_000L, 3);
    }

    /** Expects the alert of an event, if it raises one. */
    void expect(String transactionId, long dueNanos, Histogram micros) {
        due.put(transactionId, new Due(dueNanos, micros));
    }

    /** Throws what has kept alerts from being read; nothing if they all were. */
    void check() {
        RuntimeException why = failure;
        if (why != null) {
            throw new IllegalStateException("alerts could not be read: " + why, why);
        }
    }

    private void read() {
        try {
            while (!stopped) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Due of = due.remove(
                            AlertCodec.decode(record.value()).transaction().transactionId());
                    if (of != null) {
                        of.micros().recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - of.nanos()));
                    }
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            consumer.close();
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
