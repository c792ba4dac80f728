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

    /** State behind a batch of the open interval, which counts if none follows before the barrier; null if there is none. */
    byte @Nullable [] ahead;

    /** Whether the account is in memory, with a state at least as new as ours. */
    boolean active;

    /** Whether it is in the {@link UseOrder}: in memory, and nobody has asked it to leave. */
    boolean staying;

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

    /** The last interval with a batch for this account. */
    long touchedIn;

    /** The interval whose last batch so far was asked for a snapshot; 0 if it was not. */
    long snapshotOf;

    /** When events were last sent, and the usual time between two batches of them; 0 if not known. */
    private long sentMs;

    private long usualPauseMs;

    /** Events of the part of a group at hand; null outside {@link PartitionRun#offer}. */
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

    /** How many events of the part at hand there are. */
    int gathering() {
        return gathering == null ? 0 : gathering.size();
    }

    /** Adds an event of the part at hand; true if it is the account's first. */
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

    /**
     * Events are about to be sent: whether the next ones are expected no sooner than at some time to come, by the pauses before. An
     * account that has come back into memory is taken for a rare one, a new one for a busy one.
     */
    boolean restsUntil(long untilMs, long nowMs) {
        long pauseMs = nowMs - sentMs;
        boolean isFirst = sentMs == 0;
        sentMs = nowMs;
        if (isFirst) {
            return known && nowMs < untilMs;
        }
        usualPauseMs = usualPauseMs == 0 ? pauseMs : (usualPauseMs + pauseMs) / 2;
        return nowMs < untilMs && nowMs + usualPauseMs >= untilMs;
    }

    void defer(Batch batch) {
        if (deferred == null) {
            deferred = new ArrayList<>();
        }
        deferred.add(batch);
    }
}
