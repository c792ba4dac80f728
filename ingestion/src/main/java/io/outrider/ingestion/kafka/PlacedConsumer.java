package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;

/**
 * A consumer whose partitions are given their positions from outside the polling thread, each when it is known. The
 * connector can do that only for all that are assigned at once.
 */
class PlacedConsumer extends KafkaConsumer<byte[], byte[]> {

    private record Placing(TopicPartition partition, long offset, CompletableFuture<Done> placed) {}

    private final Queue<Placing> asked = new ConcurrentLinkedQueue<>();

    PlacedConsumer(Map<String, Object> properties) {
        super(properties);
    }

    /** Completes, on the polling thread, when the partition is to be read from this offset. Thread-safe. */
    final CompletionStage<Done> place(TopicPartition partition, long offset) {
        CompletableFuture<Done> placed = new CompletableFuture<>();
        asked.add(new Placing(partition, offset, placed));
        return placed;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Placing next = asked.poll();
        while (next != null) {
            seek(next.partition(), next.offset());
            next.placed().complete(Done.getInstance());
            next = asked.poll();
        }
        return super.poll(timeout);
    }
}
