package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live path's way in: joins the consumer group, has each assigned partition claimed, and streams it, decoded and
 * grouped, into its owner's sink from the offset that the claim named.
 *
 * <p>Delivery: every record from the claimed offset on, in order, once per run. A partition that cannot be claimed, or
 * whose stream has failed with its run, stays assigned and unread and is claimed again after a pause, while the others
 * stream: if it took the node out of the group it would go to the next node and do the same there. When the consumer itself
 * fails, the whole stream starts again with new claims, after a pause that doubles up to a bound.
 *
 * <p>Back-pressure reaches the broker: a sink that doesn't pull lets its group grow to the bound, then that partition
 * is paused. Thread-safe.
 */
public final class TransactionSource {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionSource.class);

    private final ActorSystem<?> system;
    private final KafkaSettings kafka;
    private final TopicInfo topic;
    private final EventReading reading;
    private final PartitionOwner owner;

    private final Object lock = new Object();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final SourceHealth health = new SourceHealth();
    private @Nullable SourceAttempt running;
    private boolean draining;

    /** @param topic the transactions topic, as {@link Topics#describe} finds it */
    public TransactionSource(
            ActorSystem<?> system, KafkaSettings kafka, TopicInfo topic, EventReading reading, PartitionOwner owner) {
        this.system = system;
        this.kafka = kafka;
        this.topic = topic;
        this.reading = reading;
        this.owner = owner;
    }

    /** Joins the group and streams until {@link #drain}. Call once. */
    public void start() {
        attempt(kafka.consumer().restartMin());
    }

    /**
     * Stops fetching, lets every sink finish what it was given and its owner make it durable, and only then leaves, so
     * that whoever gets the partitions has nothing to repeat; completes when no stream runs any more.
     */
    public CompletionStage<Done> drain() {
        SourceAttempt current;
        synchronized (lock) {
            draining = true;
            current = running;
        }
        if (current == null) {
            ended.complete(Done.getInstance());
        } else {
            current.drain();
        }
        return ended;
    }

    /** Why the stream, or that of a partition, last failed, while it has not come back since. */
    public Optional<String> failure() {
        return health.failure();
    }

    /** Whether the group has told this node its partitions, be they none. */
    public boolean isMember() {
        return health.isMember();
    }

    private void attempt(Duration pauseAfterFailure) {
        SourceAttempt next;
        synchronized (lock) {
            if (draining) {
                ended.complete(Done.getInstance());
                return;
            }
            next = new SourceAttempt(system, kafka, topic, reading, owner, health);
            running = next;
        }
        var unused = CompletableFuture.completedFuture(Done.getInstance())
                .thenCompose(go -> next.run())
                .whenComplete((done, failure) -> ended(next, failure, pauseAfterFailure));
    }

    private void ended(SourceAttempt attempt, @Nullable Throwable failure, Duration pause) {
        health.left();
        attempt.releaseAll();
        synchronized (lock) {
            running = null;
            if (draining) {
                ended.complete(Done.getInstance());
                return;
            }
        }
        health.fails(failure == null ? "the stream ended" : RootCause.of(failure));
        LOG.warn("The transaction stream failed and starts again in {} ms", pause.toMillis(), failure);
        ConsumerTuning tuning = kafka.consumer();
        Duration next = attempt.hasStreamed() ? tuning.restartMin() : tuning.longerPause(pause);
        system.scheduler().scheduleOnce(pause, () -> attempt(next), system.executionContext());
    }
}
