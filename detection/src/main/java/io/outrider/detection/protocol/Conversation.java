package io.outrider.detection.protocol;

import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.detection.protocol.AccountMessage.Batch;
import io.outrider.detection.protocol.AccountMessage.Retire;
import io.outrider.detection.protocol.AccountReply.Folded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's messages to its accounts: numbered, so that a loss shows; opened with the state where the account is not in
 * memory; held back while it is on its way out of memory.
 */
final class Conversation {

    /** From so many accounts on that come into memory at once, their order pays. */
    static final int MANY = 1_000;

    /** How many accounts are looked up together. */
    private static final int AHEAD = 32;

    private final long epoch;
    private final AccountSlots slots;
    private final PartitionEffects effects;

    /** Accounts in memory that nobody has asked to leave. */
    private final UseOrder staying = new UseOrder();

    /** Slots of the next events of a group; null for what has none yet. */
    private final @Nullable AccountSlot[] lookedUp = new AccountSlot[AHEAD];

    private int eventsInFlight;
    private int active;
    private boolean ending;

    Conversation(long epoch, AccountSlots slots, PartitionEffects effects) {
        this.epoch = epoch;
        this.slots = slots;
        this.effects = effects;
    }

    /** Events sent and not yet answered. */
    int eventsInFlight() {
        return eventsInFlight;
    }

    /** Accounts in memory, those on their way out included. */
    int active() {
        return active;
    }

    /** Accounts in memory that nobody has asked to leave. */
    int staying() {
        return staying.size();
    }

    /**
     * The part of a group whose events bring no more accounts into memory than there is room for.
     *
     * @param from events below this offset have been taken before
     * @param room accounts, at least one
     */
    EventGroup fitting(EventGroup group, long from, int room) {
        if (group.events().size() <= room) {
            return group;
        }
        Set<String> coming = new HashSet<>();
        for (LoggedEvent event : group.events()) {
            String account = event.transaction().account();
            AccountSlot slot = slots.find(account);
            boolean absent = slot == null || !slot.active;
            if (event.offset() >= from && absent && coming.add(account) && coming.size() > room) {
                return group.before(event.offset());
            }
        }
        return group;
    }

    /**
     * The first part of a group, by account.
     *
     * @param slots the accounts, each with its events
     */
    record Gathered(EventGroup part, List<AccountSlot> slots) {}

    /**
     * Splits a group's events by account, leaving out those below an offset, which have been taken before, and those that
     * the group brings a second time, as one does that was gathered while the consumer was set back. Ends before the event that
     * would be one too many, of all or of its account.
     *
     * @param most events of all accounts together
     * @param mostOfOne events of one account
     * @param merchants where the transactions are counted
     */
    Gathered gather(EventGroup group, long from, int most, int mostOfOne, MerchantCounts merchants) {
        List<AccountSlot> gathered = new ArrayList<>();
        List<LoggedEvent> events = group.events();
        EventGroup part = group;
        int taken = 0;
        int skipped = 0;
        int coming = 0;
        int base = -AHEAD;
        for (int i = 0; i < events.size(); i++) {
            LoggedEvent event = events.get(i);
            if (event.offset() < from) {
                skipped++;
                continue;
            }
            if (i - base >= AHEAD) {
                base = i;
                lookAhead(events, base);
            }
            AccountSlot found = lookedUp[i - base];
            AccountSlot slot = taken == most
                    ? null
                    : found == null ? slots.obtain(event.transaction().account()) : found;
            if (slot == null || slot.gathering() == mostOfOne) {
                part = group.first(i);
                break;
            }
            from = event.offset() + 1;
            taken++;
            if (!event.erases()) {
                merchants.add(
                        event.transaction().merchant(), event.transaction().eventTimeMs());
            }
            if (slot.gather(event)) {
                gathered.add(slot);
                coming += slot.active ? 0 : 1;
            }
        }
        if (skipped > 0) {
            effects.skipped(skipped);
        }
        if (coming >= MANY) {
            gathered.sort(Conversation::byComing);
        }
        return new Gathered(part, gathered);
    }

    /** Looks some accounts up together: one after the other, each would wait for memory by itself. */
    private void lookAhead(List<LoggedEvent> events, int from) {
        int size = Math.min(AHEAD, events.size() - from);
        for (int i = 0; i < size; i++) {
            lookedUp[i] = slots.find(events.get(from + i).transaction().account());
        }
    }

    /**
     * Those in memory as they are, then the others by name: their shard keeps its entities in a tree of names, in which each then
     * finds its place along what the one before it has brought into the cache.
     */
    private static int byComing(AccountSlot one, AccountSlot other) {
        return one.active || other.active
                ? Boolean.compare(other.active, one.active)
                : one.account.compareTo(other.account);
    }

    /** Sends events, or a request for a snapshot, or both, as part of an interval. */
    void send(AccountSlot slot, Interval interval, ContextRef context, List<LoggedEvent> events, boolean snapshot) {
        interval.touch(slot, snapshot);
        Batch batch = new Batch(epoch, ++slot.sent, interval.number, context, null, events, snapshot);
        eventsInFlight += events.size();
        if (slot.retiring) {
            slot.defer(batch);
            return;
        }
        if (slot.active) {
            effects.send(slot.account, slot.peer, batch);
        } else {
            open(slot, batch);
        }
        if (!events.isEmpty()) {
            staying.use(slot);
        }
    }

    /**
     * Asks for the snapshots of an interval that are still to be asked for: of accounts whose last batch has brought none along, and
     * will bring none.
     */
    void close(Interval interval, ContextRef context) {
        interval.closed = true;
        for (int i = 0; i < interval.touched.size(); i++) {
            AccountSlot slot = interval.touched.get(i);
            byte[] ahead = slot.ahead;
            slot.ahead = null;
            if (slot.snapshotOf != interval.number) {
                send(slot, interval, context, List.of(), true);
            } else if (ahead != null) {
                slots.update(slot, ahead);
            }
        }
    }

    /** Whether an answer is the next one; false if it is a repetition, and then nothing is changed. */
    boolean isNews(AccountSlot slot, Folded folded) {
        return folded.number() > slot.answered;
    }

    /**
     * Takes the next answer, of an interval; false if one before it was lost. From here on the account can be spoken to directly, unless
     * something is still on the longer way, which must not be overtaken.
     */
    boolean take(AccountSlot slot, Folded folded, Interval of, @Nullable AccountPeer from) {
        if (folded.number() != slot.answered + 1) {
            return false;
        }
        slot.answered++;
        eventsInFlight -= folded.events();
        if (folded.snapshot() != null && of.closed) {
            slots.update(slot, folded.snapshot());
        } else if (folded.snapshot() != null) {
            slot.ahead = folded.snapshot();
        }
        if (slot.answered == slot.sent && slot.peer != from) {
            slot.peer = from;
        }
        return true;
    }

    /**
     * Asks accounts in memory to leave it, those first whose last events were in the earliest interval.
     *
     * @param interval only accounts whose last events were in this one or before
     * @param most only so many
     * @return how many were asked
     */
    int retire(long interval, int most) {
        int asked = 0;
        while (asked < most) {
            AccountSlot idle = staying.takeIdle(interval);
            if (idle == null) {
                break;
            }
            retire(idle);
            asked++;
        }
        return asked;
    }

    private void retire(AccountSlot slot) {
        slot.retiring = true;
        effects.send(slot.account, slot.peer, new Retire(epoch));
    }

    /** An account has left memory; false if nobody had asked it to. Sends what was held back meanwhile. */
    boolean retired(AccountSlot slot) {
        if (!slot.retiring) {
            return false;
        }
        slot.retiring = false;
        slot.active = false;
        slot.peer = null;
        active--;
        List<Batch> deferred = slot.deferred;
        slot.deferred = null;
        if (deferred != null) {
            open(slot, deferred.get(0));
            staying.use(slot);
            for (int i = 1; i < deferred.size(); i++) {
                effects.send(slot.account, null, deferred.get(i));
            }
        } else if (!ending) {
            slots.passivate(slot);
        }
        return true;
    }

    /** Asks all accounts to leave memory and forgets what is held back. */
    void end() {
        ending = true;
        for (AccountSlot slot : slots.inMemory()) {
            slot.deferred = null;
            if (slot.active && !slot.retiring) {
                staying.remove(slot);
                retire(slot);
            }
        }
    }

    /** Whether no account is in memory. */
    boolean isOver() {
        return active == 0;
    }

    private void open(AccountSlot slot, Batch first) {
        slot.active = true;
        active++;
        effects.send(slot.account, null, first.opened(slot.state, slot));
    }
}
