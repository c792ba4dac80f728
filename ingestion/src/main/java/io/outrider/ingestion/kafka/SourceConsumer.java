package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.pekko.Done;

/**
 * The live path's consumer: polls at its own pace, and commits, between polls and on the polling thread, the offsets that
 * detection has made durable. Only a member of the group may commit for it, so this can't be done beside the stream. A
 * commit that fails is left to the next: these offsets are for lag monitoring, and a proof that the group still has this
 * member. At the same times it says where the logs end.
 */
final class SourceConsumer extends PlacedConsumer {

    private final String topic;
    private final PartitionOwner owner;
    private final long intervalNanos;
    private final PollPace pace;
    private final Runnable withoutPartitions;
    private final Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();
    private long lastCommitNanos = System.nanoTime();

    /** @param withoutPartitions called when the group has nothing new for this member */
    SourceConsumer(
            Map<String, Object> properties,
            String topic,
            PartitionOwner owner,
            ConsumerTuning tuning,
            Runnable withoutPartitions) {
        super(properties);
        this.topic = topic;
        this.owner = owner;
        this.intervalNanos = tuning.commitInterval().toNanos();
        this.pace = new PollPace(tuning.gatherTime(), tuning.maxPollRecords(), lastCommitNanos);
        this.withoutPartitions = withoutPartitions;
    }

    /**
     * Newly assigned partitions are given a position at once, because with no reset policy the client fails for one
     * without; they are paused until the claim has named the true one, so nothing is read from here.
     */
    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(SourceConsumer.this::placeAnywhere);
                listener.onPartitionsAssigned(partitions);
                if (partitions.isEmpty()) {
                    withoutPartitions.run();
                }
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                told.keySet().removeAll(partitions);
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                told.keySet().removeAll(partitions);
                listener.onPartitionsLost(partitions);
            }
        });
    }

    /**
     * Completes when the group has taken an offset from this member after this was asked, and the partition is its own;
     * fails otherwise, as for a member whose partitions went to others while it could not know. A member that has told the
     * group nothing yet is believed. Thread-safe.
     */
    CompletionStage<Done> prove(int partition) {
        return betweenPolls(proven -> prove(new TopicPartition(topic, partition), proven));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        long now = System.nanoTime();
        if (now - lastCommitNanos >= intervalNanos) {
            lastCommitNanos = now;
            commitDurable();
            tellEnds();
        }
        boolean wanted = paused().size() < assignment().size();
        LockSupport.parkNanos(pace.waitNanos(wanted, now));
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        pace.polled(records.count(), System.nanoTime());
        return records;
    }

    private void prove(TopicPartition partition, CompletableFuture<Done> proven) {
        Set<TopicPartition> own = assignment();
        Map<TopicPartition, OffsetAndMetadata> again = new HashMap<>();
        told.entrySet().stream()
                .filter(entry -> own.contains(entry.getKey()))
                .findFirst()
                .ifPresent(entry -> again.put(entry.getKey(), entry.getValue()));
        if (!own.contains(partition)) {
            proven.completeExceptionally(new IllegalStateException("it has just been revoked"));
        } else if (again.isEmpty()) {
            proven.complete(Done.getInstance());
        } else {
            commitAsync(again, (offsets, failure) -> {
                if (failure == null) {
                    proven.complete(Done.getInstance());
                } else {
                    proven.completeExceptionally(failure);
                }
            });
        }
    }

    /** The client knows the ends from its fetches, so nobody is asked; where it does not just now, it is left out. */
    private void tellEnds() {
        Map<Integer, Long> known = new HashMap<>();
        for (TopicPartition partition : assignment()) {
            currentLag(partition).ifPresent(lag -> {
                try {
                    known.put(partition.partition(), position(partition, Duration.ZERO) + lag);
                } catch (TimeoutException unknown) {
                    // its leader has changed, and the position is being checked with the new one
                }
            });
        }
        owner.logEnds(known);
    }

    private void commitDurable() {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (Map.Entry<Integer, Long> entry : owner.committedOffsets().entrySet()) {
            TopicPartition partition = new TopicPartition(topic, entry.getKey());
            OffsetAndMetadata offset = new OffsetAndMetadata(entry.getValue());
            if (assignment().contains(partition) && !offset.equals(told.get(partition))) {
                due.put(partition, offset);
            }
        }
        if (!due.isEmpty()) {
            commitAsync(due, (offsets, failure) -> {
                if (failure == null) {
                    told.putAll(offsets);
                }
            });
        }
    }
}
