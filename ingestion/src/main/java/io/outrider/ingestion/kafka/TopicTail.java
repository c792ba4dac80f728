package io.outrider.ingestion.kafka;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from an append time to where it ends now. Calls block. For one thread. */
public final class TopicTail {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Takes one record. */
    @FunctionalInterface
    public interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    private final KafkaSettings kafka;
    private final List<TopicPartition> partitions;

    public TopicTail(KafkaSettings kafka, TopicInfo topic) {
        this.kafka = kafka;
        this.partitions = IntStream.range(0, topic.partitions())
                .mapToObj(p -> new TopicPartition(topic.name(), p))
                .toList();
    }

    /**
     * Append time of the oldest record still kept that is no older than {@code from}, milliseconds since the epoch;
     * {@link Long#MAX_VALUE} if there is none.
     */
    public long oldestTimeMs(Optional<Instant> from) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(partitions);
            long oldest = Long.MAX_VALUE;
            long since = from.map(Instant::toEpochMilli).orElse(0L);
            for (OffsetAndTimestamp found : at(consumer, since).values()) {
                if (found != null) {
                    oldest = Math.min(oldest, found.timestamp());
                }
            }
            return oldest;
        } catch (KafkaException e) {
            throw new IOException("Kafka could not search " + partitions + ": " + e.getMessage(), e);
        }
    }

    /** Gives every record appended at or after a time, each partition's in order. */
    public void read(long fromMs, Taker taker) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> starts = at(consumer, fromMs);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp start = starts.get(partition);
                consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
            }
            while (!TopicEnds.reached(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.getOrDefault(partition, 0L)) {
                        taker.take(record);
                    }
                }
            }
        } catch (KafkaException e) {
            throw new IOException("Kafka could not read " + partitions + ": " + e.getMessage(), e);
        }
    }

    private Map<TopicPartition, OffsetAndTimestamp> at(KafkaConsumer<?, ?> consumer, long timeMs) {
        if (timeMs == Long.MAX_VALUE) {
            return Map.of();
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, timeMs));
        return consumer.offsetsForTimes(times);
    }
}
