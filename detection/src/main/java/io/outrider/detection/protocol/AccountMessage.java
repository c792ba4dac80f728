package io.outrider.detection.protocol;

import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a partition's run says to an account. Carries the run's epoch; an account serves one epoch and refuses others. */
public sealed interface AccountMessage {

    /** The epoch of the run that speaks. */
    long epoch();

    /**
     * Events to fold, or a request for a snapshot, or both (then the snapshot is taken behind the events).
     *
     * @param number counts the messages of this run to this account, from 1: a gap means that one was lost
     * @param interval number of the barrier that will close behind this message; comes back in the answer
     * @param context what the events are decided under
     * @param opening the state to start from, when the account is not in memory; null when it is
     * @param events in offset order, may be empty
     * @param snapshot whether the answer is to carry the state
     */
    record Batch(
            long epoch,
            long number,
            long interval,
            ContextRef context,
            @Nullable Opening opening,
            List<LoggedEvent> events,
            boolean snapshot)
            implements AccountMessage {

        Batch opened(byte @Nullable [] state, AccountSlot slot) {
            return new Batch(epoch, number, interval, context, new Opening(state, slot), events, snapshot);
        }
    }

    /** The account is to leave memory; the partition has its state. Answered by {@link AccountReply.Retired}. */
    record Retire(long epoch) implements AccountMessage {}

    /**
     * A state to start from.
     *
     * @param state encoded; null for an account never seen before
     * @param slot what the run keeps of the account, for {@link AccountPeer#opened}; null where the message came from another
     *     node
     */
    record Opening(byte @Nullable [] state, @Nullable AccountSlot slot) {

        /** From another node. */
        public Opening(byte @Nullable [] state) {
            this(state, null);
        }
    }
}
