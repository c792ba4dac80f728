package io.outrider.detection.protocol;

import io.outrider.core.event.LoggedEvent;
import io.outrider.detection.protocol.AccountMessage.Batch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run keeps about one account in memory: its last snapshot and how far the conversation with it has gone. */
final class AccountSlot {

    /** Whose it is. */
    final AccountSlots home;

    final String account;

    /** State as of the last barrier the account was part of; null before its first, no bytes if it was erased then. */
    byte @Nullable [] state;

    /** Whether the account has been among the {@link PassiveAccounts} of this run. */
    final boolean known;

    /** Whether the account is in memory, with a state at least as new as ours. */
    boolean active;

    /** Asked to leave memory and not yet gone. Meanwhile its batches wait in {@link #deferred}. */
    boolean retiring;

    @Nullable
    List<Batch> deferred;

    /** Where it last answered from, while nothing else can be on its way to it; null if it must be looked for. */
    @Nullable
    AccountPeer peer;

    /** Numbers of the last batch sent and the last answered. */
    long sent;

    long answered;

    /** The last interval with a batch for this account, and the last one whose snapshot was asked for. */
    long touchedIn;

    long snapshotOf;

    /** Neighbours in the {@link UseOrder}. */
    @Nullable
    AccountSlot usedBefore;

    @Nullable
    AccountSlot usedAfter;

    /** Events of the group at hand; null outside {@link PartitionRun#offer}. */
    @Nullable
    List<LoggedEvent> gathering;

    /** @param number that of a batch before all that will be sent to it */
    AccountSlot(AccountSlots home, String account, byte @Nullable [] state, long number) {
        this.home = home;
        this.account = account;
        this.state = state;
        this.known = state != null;
        this.sent = number;
        this.answered = number;
    }

    /** Adds an event of the group at hand; true if it is the account's first. */
    boolean gather(LoggedEvent event) {
        boolean first = gathering == null;
        if (gathering == null) {
            gathering = new ArrayList<>(2);
        }
        gathering.add(event);
        return first;
    }

    /** The events gathered, which are handed over. */
    List<LoggedEvent> gathered() {
        List<LoggedEvent> events = gathering == null ? List.of() : gathering;
        gathering = null;
        return events;
    }

    void defer(Batch batch) {
        if (deferred == null) {
            deferred = new ArrayList<>();
        }
        deferred.add(batch);
    }
}
