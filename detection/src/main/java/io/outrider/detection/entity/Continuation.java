package io.outrider.detection.entity;

import io.outrider.detection.entity.PartitionEntity.Offer;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a partition's stream goes on across a change of feature plan: the partition is taken over again by itself, as what it was
 * claimed as, and what the stream offers meanwhile waits for the new run. Belongs to the partition's actor.
 */
final class Continuation {

    private final int partition;

    /** Epoch of the run that the stream began with. */
    private long streamEpoch;

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

    /** Keeps an offer for the run to come; false if there is none to come that it is for. */
    boolean keeps(Offer offer) {
        boolean kept = from != null && waiting == null && offer.epoch() == streamEpoch;
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

    /** The stream is to begin anew, or to end. */
    void stop(String reason) {
        Offer kept = arrived();
        due = false;
        if (kept != null) {
            kept.taken().completeExceptionally(new RunLostException(partition, reason));
        }
    }
}
