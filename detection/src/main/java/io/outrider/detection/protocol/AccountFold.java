package io.outrider.detection.protocol;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import org.jspecify.annotations.Nullable;

/** What is folded per account. The protocol keeps it exactly once without knowing what it is. */
public interface AccountFold<A extends AccountFold.Account> {

    /**
     * An account from its encoded state, or a new one from null or nothing.
     *
     * @param context what its next event is decided under; tells the feature plan that the state is of
     */
    A open(byte @Nullable [] state, ContextRef context);

    /** One account in memory; belongs to one thread. */
    interface Account {

        /** Folds one event and returns the alert it raises, or null. */
        @Nullable
        Alert fold(LoggedEvent event, ContextRef context);

        /** Forgets everything: the account is as if it had never had an event. */
        void erase();

        /** The last event's scored transaction, if it is to be published; null otherwise. */
        @Nullable
        ScoredRecord scored();

        /** Events folded so far, over the account's whole life, that came too late for every window. */
        long late();

        /** The state, encoded; a fresh array that nobody changes afterwards. Empty if nothing was folded since an erasure. */
        byte[] snapshot();
    }
}
