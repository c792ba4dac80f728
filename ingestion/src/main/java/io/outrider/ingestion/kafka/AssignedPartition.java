package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition from its assignment until it is revoked or its stream fails: claimed, and as long as that fails claimed
 * again, by itself and after pauses that double up to a bound; then streamed. It is claimed again only by a member of
 * the group: one whose partitions went to others while it could not know would take them back from those, who would do
 * the same. Thread-safe.
 */
final class AssignedPartition {

    private static final Logger LOG = LoggerFactory.getLogger(AssignedPartition.class);

    private final ActorSystem<?> system;
    private final int partition;
    private final PartitionOwner owner;
    private final ConsumerTuning tuning;
    private final Supplier<CompletionStage<Done>> membership;
    private final CompletableFuture<Optional<Long>> claimed = new CompletableFuture<>();
    private final SharedKillSwitch stream = KillSwitches.shared("partition");

    /** Before it was claimed, because a stream had failed before; zero for none. */
    private Duration pause = Duration.ZERO;

    private boolean offered;
    private boolean streaming;
    private long streamingSince;
    private boolean over;

    /** @param membership asked before it is claimed again; fails unless it is still this node's by the group's word */
    AssignedPartition(
            ActorSystem<?> system,
            int partition,
            PartitionOwner owner,
            ConsumerTuning tuning,
            Supplier<CompletionStage<Done>> membership) {
        this.system = system;
        this.partition = partition;
        this.owner = owner;
        this.tuning = tuning;
        this.membership = membership;
    }

    int partition() {
        return partition;
    }

    /** The offset to stream from, once the partition is claimed; empty if it is over before. Never fails. */
    CompletionStage<Optional<Long>> claimed() {
        return claimed;
    }

    /** Claims it. Call this or {@link #claimAfter(AssignedPartition)}, once. */
    void claim() {
        claim(tuning.restartMin());
    }

    /** Claims it after a pause, which is the longer the oftener its streams fail soon. */
    void claimAfter(AssignedPartition failed) {
        Duration first = failed.pauseAfterStream();
        synchronized (this) {
            pause = first;
        }
        claimAfter(first);
    }

    private synchronized Duration pauseAfterStream() {
        boolean lasted = streaming
                && System.nanoTime() - streamingSince > tuning.restartMax().toNanos();
        return lasted || pause.isZero() ? tuning.restartMin() : tuning.longerPause(pause);
    }

    private void claimAfter(Duration wait) {
        Duration next = tuning.longerPause(wait);
        system.scheduler().scheduleOnce(wait, () -> claimAsMember(next), system.executionContext());
    }

    private void claimAsMember(Duration pauseAfterFailure) {
        if (isOver()) {
            return;
        }
        var unused = membership.get().whenComplete((proven, failure) -> {
            if (failure == null) {
                claim(pauseAfterFailure);
            } else {
                again(failure, pauseAfterFailure);
            }
        });
    }

    private void claim(Duration pauseAfterFailure) {
        CompletionStage<Long> offset;
        synchronized (this) { // so that no claim comes behind the release that follows the end
            if (over) {
                return;
            }
            offset =
                    owner.claim(Set.of(partition)).thenApply(offsets -> Objects.requireNonNull(offsets.get(partition)));
        }
        var unused = offset.whenComplete((from, failure) -> {
            if (failure == null) {
                claimed.complete(Optional.of(from));
            } else {
                again(failure, pauseAfterFailure);
            }
        });
    }

    private void again(Throwable failure, Duration pause) {
        if (isOver()) {
            return;
        }
        LOG.warn(
                "Partition {} cannot be claimed, trying again in {} ms: {}",
                partition,
                pause.toMillis(),
                RootCause.of(failure));
        claimAfter(pause);
    }

    /** Whether its source comes for the first time. */
    synchronized boolean offer() {
        boolean first = !offered;
        offered = true;
        return first;
    }

    /** Its stream begins, unless it is over. */
    synchronized boolean begin() {
        streaming = !over;
        streamingSince = System.nanoTime();
        return streaming;
    }

    synchronized boolean isStreaming() {
        return streaming;
    }

    /** What its stream goes through, that it can be ended here. */
    <T> Graph<FlowShape<T, T>, SharedKillSwitch> flow() {
        return stream.flow();
    }

    /** Fails its stream. */
    void abort(String reason) {
        stream.abort(new IllegalStateException(reason));
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Ends its stream, also one that is about to begin, which the connector would forget; and its wait for a claim. */
    void giveUp() {
        synchronized (this) {
            over = over || !streaming;
        }
        stream.shutdown();
        claimed.complete(Optional.empty());
    }

    /** It is nobody's here any more. */
    void end() {
        synchronized (this) {
            over = true;
        }
        claimed.complete(Optional.empty());
    }
}
