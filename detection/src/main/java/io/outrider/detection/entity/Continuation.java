package io.outrider.detection.entity;

import io.outrider.detection.entity.PartitionEntity.Offer;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * How a partition's stream goes on across a change of feature plan: the partition is taken over again by itself, as what it was
 * claimed as, and what the stream offers meanwhile waits for the new run. Belongs to the partition's actor.
 */
final class Continuation {

    private final int partition;

    /** Epoch of the run that the stream began with. */
    private long streamEpoch;

    /** Epochs of the stream that was released last, by which it offers. */
    private Set<Long> released = Set.of();

    /** Ends the stream; null while none is known. */
    private @Nullable Consumer<RunLostException> abort;

    private Takeover.@Nullable Former from;
    private @Nullable Offer waiting;
    private boolean due;

    Continuation(int partition) {
        this.partition = partition;
    }

    /** A stream is about to begin, with the run of this epoch. */
    void begin(long epoch) {
        streamEpoch = epoch;
    }

    /** The stream can be ended so. */
    void streams(Consumer<RunLostException> by) {
        abort = by;
    }

    /** No run goes on with the stream: it is ended, though it may have nothing to offer for long. */
    void lose(String reason) {
        Consumer<RunLostException> known = abort;
        stop(reason);
        if (known != null) {
            known.accept(new RunLostException(partition, reason));
        }
    }

    long streamEpoch() {
        return streamEpoch;
    }

    /** The run has switched: from this checkpoint on it is to go on, with what was offered and not taken. */
    void goOn(Held checkpoint, @Nullable Offer untaken) {
        from = new Takeover.Former(checkpoint, UUID.randomUUID().toString());
        waiting = untaken;
        due = true;
    }

    /** What to go on from; null if the stream is to begin anew. */
    Takeover.@Nullable Former from() {
        return from;
    }

    /** What to take over from now, which then counts as begun; or null. */
    Takeover.@Nullable Former due() {
        Takeover.Former now = due ? from : null;
        due = false;
        return now;
    }

    /** Taking over has failed, and may be tried again. */
    void again() {
        due = true;
    }

    /** Whether a run is to come that goes on with the stream which began with the run of this epoch. */
    boolean awaits(long epoch) {
        return from != null && epoch == streamEpoch;
    }

    /** Keeps an offer for the run to come; false if there is none to come that it is for. */
    boolean keeps(Offer offer) {
        boolean kept = waiting == null && awaits(offer.epoch());
        waiting = kept ? offer : waiting;
        return kept;
    }

    /** The new run is there; what is to be offered to it, or null. */
    @Nullable
    Offer arrived() {
        Offer kept = waiting;
        waiting = null;
        from = null;
        return kept;
    }

    /** The stream ends as it should, before what it offered was taken. */
    void release(Set<Long> epochs) {
        released = epochs;
        Offer untaken = arrived();
        due = false;
        abort = null;
        if (untaken != null) {
            untaken.taken().complete(Done.getInstance());
        }
    }

    /** Whether the stream that began with the run of this epoch has been released. */
    boolean isReleased(long epoch) {
        return released.contains(epoch);
    }

    /** The stream begins anew, or ends. */
    void stop(String reason) {
        Offer kept = arrived();
        due = false;
        abort = null;
        if (kept != null) {
            kept.taken().completeExceptionally(new RunLostException(partition, reason));
        }
    }
}
