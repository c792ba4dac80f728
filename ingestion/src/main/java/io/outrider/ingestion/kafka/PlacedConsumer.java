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
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
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

    private record Question(Consumer<CompletableFuture<Done>> ask, CompletableFuture<Done> answer) {}

    private final Queue<Question> asked = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** What is not to be read yet; for the polling thread. */
    private final Set<TopicPartition> unplaced = new HashSet<>();

    PlacedConsumer(Map<String, Object> properties) {
        super(properties);
    }

    /**
     * Completes, on the polling thread, when the partition is to be read from this offset; fails when the consumer is closed before.
     * Thread-safe.
     */
    final CompletionStage<Done> place(TopicPartition partition, long offset) {
        return betweenPolls(placed -> {
            if (assignment().contains(partition)) { // or it was revoked meanwhile
                super.seek(partition, offset);
                unplaced.remove(partition);
            }
            placed.complete(Done.getInstance());
        });
    }

    /** Asks on the polling thread, which alone may use the consumer. Fails when the consumer is closed before. Thread-safe. */
    final CompletionStage<Done> betweenPolls(Consumer<CompletableFuture<Done>> ask) {
        Question question = new Question(ask, new CompletableFuture<>());
        asked.add(question);
        if (closed) {
            refuseAll();
        }
        return question.answer();
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
        for (Question next = asked.poll(); next != null; next = asked.poll()) {
            try {
                next.ask().accept(next.answer());
            } catch (RuntimeException e) {
                next.answer().completeExceptionally(e);
                throw e;
            }
        }
        return super.poll(timeout);
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            refuseAll();
        }
    }

    @Override
    public void close(CloseOptions options) {
        try {
            super.close(options);
        } finally {
            refuseAll();
        }
    }

    /** How the connector closes it. */
    @Override
    @SuppressWarnings("deprecation")
    public void close(Duration timeout) {
        try {
            super.close(timeout);
        } finally {
            refuseAll();
        }
    }

    private void refuseAll() {
        closed = true;
        for (Question next = asked.poll(); next != null; next = asked.poll()) {
            next.answer().completeExceptionally(new IllegalStateException("the consumer is closed"));
        }
    }
}
