package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;

/**
 * A consumer whose partitions are given their positions from outside the polling thread, each when it is known, and in
 * no other way. The connector can do that only for all that are assigned at once; and where a stream was cancelled, it
 * goes back to what that stream had not taken, which may be after the new position was given. Nothing is read of a
 * partition that has no position yet, also where the connector still serves a stream that it has from before.
 */
class PlacedConsumer extends KafkaConsumer<byte[], byte[]> {

    private record Placing(TopicPartition partition, long offset, CompletableFuture<Done> placed) {}

    private final Queue<Placing> asked = new ConcurrentLinkedQueue<>();

    /** What is not to be read yet; for the polling thread. */
    private final Set<TopicPartition> unplaced = new HashSet<>();

    PlacedConsumer(Map<String, Object> properties) {
        super(properties);
    }

    /** Completes, on the polling thread, when the partition is to be read from this offset. Thread-safe. */
    final CompletionStage<Done> place(TopicPartition partition, long offset) {
        CompletableFuture<Done> placed = new CompletableFuture<>();
        asked.add(new Placing(partition, offset, placed));
        return placed;
    }

    /** Moves nothing: see {@link #place}. */
    @Override
    public final void seek(TopicPartition partition, long offset) {}

    /** A position for a partition that has none yet and is not read before it is placed. */
    final void placeAnywhere(TopicPartition partition) {
        super.seek(partition, 0);
        unplaced.add(partition);
    }

    @Override
    public final void resume(Collection<TopicPartition> partitions) {
        List<TopicPartition> placed = new ArrayList<>(partitions);
        placed.removeAll(unplaced);
        super.resume(placed);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Placing next = asked.poll();
        while (next != null) {
            if (assignment().contains(next.partition())) { // or it was revoked meanwhile
                super.seek(next.partition(), next.offset());
                unplaced.remove(next.partition());
            }
            next.placed().complete(Done.getInstance());
            next = asked.poll();
        }
        return super.poll(timeout);
    }
}
