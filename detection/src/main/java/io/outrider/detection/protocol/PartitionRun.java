package io.outrider.detection.protocol;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountReply.Folded;
import io.outrider.detection.protocol.AccountReply.Refused;
import io.outrider.detection.protocol.AccountReply.Retired;
import io.outrider.detection.protocol.Conversation.Gathered;
import io.outrider.lake.checkpoint.CheckpointManifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of one partition: from a claimed checkpoint until something is lost, or the partition is given up.
 *
 * <p>Groups come in, are split by account and sent out; every batch is answered. From time to time a barrier closes:
 * each account touched since the last one answers with its state as of the barrier (the request rides on its batch of
 * the closing group where it has one, or on an earlier one where none is expected to follow), and when all have answered and everything published below is acknowledged, the
 * checkpoint is written. The stream goes on meanwhile, unless the barrier brings another context: then nothing behind
 * it is sent out before the checkpoint that names the context is durable. At most one barrier is open at a time.
 *
 * <p>Every run claims the partition anew, so its epoch names it. Whatever goes wrong between the run and an account
 * shows as a gap in the numbers, a refusal, or silence; each ends the run, and the next starts from the checkpoint.
 *
 * <p>A context change also waits until the run has passed all records that an earlier owner may have decided, and
 * published alerts of, under the old context; and a run that cannot see for long that the partition is still its own
 * takes no records: see {@link Tenure}.
 */
public final class PartitionRun {

    private enum Phase {
        RUNNING,
        ENDING,
        ENDED
    }

    /** When accounts must leave memory, so many at a time that it is worth it: this part of those that may be there. */
    private static final int ROOM = 8;

    /** The share of alerts follows so many events. */
    private static final double SHARE_EVENTS = 1_000;

    private static final double LEAST_ALERT_SHARE = 1e-4;

    private final long epoch;
    private final Tenure tenure;
    private final RunLimits limits;
    private final PartitionEffects effects;
    private final AccountSlots slots;
    private final Conversation accounts;
    private final RecordedChanges recorded;

    private Phase phase = Phase.RUNNING;
    private int maxAccounts;

    /** When an account last left memory, or was asked to. */
    private long leftMs;

    private ContextRef context;
    private @Nullable ContextRef wanted;
    private boolean draining;
    private long nextOffset;
    private long durableOffset;
    private long lastBarrierMs;
    private Interval open;
    private @Nullable Interval closing;
    /** What is left of the group on offer. */
    private @Nullable EventGroup offered;

    /** Whether a group is taken whose offerer waits for room before it offers the next. */
    private boolean roomAwaited;

    private int unacknowledged;

    /** Alerts for each event, of late; the worst while nothing is known. */
    private double alertShare = 1;

    /** The batch whose answer tells how long its group took; null when none is awaited. */
    private @Nullable Probe probe;

    private record Probe(AccountSlot slot, long number, long appendTimeMs) {}

    /**
     * Starts a run.
     *
     * @param manifest as claimed
     * @param states those it names; whoever starts the run closes them when it is over
     * @param tenure begun with the claim; the run's from now on
     */
    public PartitionRun(
            CheckpointManifest manifest,
            PassiveAccounts states,
            Tenure tenure,
            RunLimits limits,
            PartitionEffects effects) {
        this.epoch = manifest.epoch();
        this.tenure = tenure;
        this.limits = limits;
        this.effects = effects;
        this.slots = new AccountSlots(manifest, states, limits.deltas());
        this.accounts = new Conversation(epoch, slots, effects);
        this.maxAccounts = limits.accounts();
        this.recorded = new RecordedChanges(manifest);
        this.context = manifest.context();
        this.nextOffset = manifest.nextOffset();
        this.durableOffset = nextOffset;
        this.open = new Interval(manifest.barrier() + 1);
    }

    /** The run's epoch. */
    public long epoch() {
        return epoch;
    }

    /** What events are decided under now. */
    public ContextRef context() {
        return context;
    }

    /** First offset that the run has not taken. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Events taken and not yet answered for, and alerts and dead letters not yet acknowledged. */
    public int inFlight() {
        return accounts.eventsInFlight() + unacknowledged;
    }

    /** All records below are durably done. */
    public long durableOffset() {
        return durableOffset;
    }

    /** What is left of the group on offer; null if there is none, or all of it is taken. */
    public @Nullable EventGroup offered() {
        return offered;
    }

    /** Accounts as the run knows them, for looking only. */
    public AccountSlots accounts() {
        return slots;
    }

    /** Offers the next group; {@link PartitionEffects#taken} follows when it is taken and there is room for another. */
    public void offer(EventGroup group, long nowMs) {
        if (offered != null || roomAwaited) {
            throw new IllegalStateException("a group is already on offer");
        }
        offered = group.whole();
        proceed(nowMs);
    }

    /**
     * Takes an account's answer; answers to earlier runs are ignored.
     *
     * @param from where the account can be reached for as long as it stays in memory; null if only by looking for it
     */
    public void onReply(AccountReply reply, @Nullable AccountPeer from, long nowMs) {
        if (reply.epoch() != epoch || phase == Phase.ENDED) {
            return;
        }
        AccountSlot slot = slots.find(reply.account(), from);
        if (slot == null) {
            return;
        }
        if (reply instanceof Retired) {
            onRetired(slot);
            leftMs = nowMs;
        } else if (phase == Phase.ENDING) {
            return;
        } else if (reply instanceof Folded folded) {
            onFolded(slot, folded, from, nowMs);
        } else if (reply instanceof Refused refused) {
            lose("account " + refused.account() + " refused: " + refused.reason());
        }
        proceed(nowMs);
    }

    /** An alert, scored transaction or dead letter of an interval is acknowledged by the broker. */
    public void onPublished(long interval, long nowMs) {
        Interval of = interval(interval);
        if (phase != Phase.RUNNING || of == null) {
            return;
        }
        of.unacknowledged--;
        unacknowledged--;
        proceed(nowMs);
    }

    /** The checkpoint of a barrier is durable. */
    public void onWritten(long barrier, long nowMs) {
        Interval done = closing;
        if (phase != Phase.RUNNING || done == null || done.number != barrier) {
            return;
        }
        closing = null;
        durableOffset = done.nextOffset;
        if (done.change != null) {
            context = done.change;
        }
        slots.written();
        effects.committed(durableOffset, context);
        retire(done.number - limits.idleBarriers(), Integer.MAX_VALUE, nowMs);
        proceed(nowMs);
    }

    /** Another owner has claimed the partition. */
    public void onFenced(String by) {
        if (phase == Phase.RUNNING) {
            lose("the partition was claimed by " + by);
        }
    }

    /** The partition was still this run's own at some moment after {@code sinceMs}. */
    public void onSeen(long sinceMs, long nowMs) {
        tenure.seen(sinceMs);
        proceed(nowMs);
    }

    /** The log's end, as it was at some moment after {@link PartitionEffects#askLogEnd}. */
    public void onLogEnd(long offset, long nowMs) {
        tenure.settle(offset);
        proceed(nowMs);
    }

    /** Asks for another context at the next possible barrier; {@link PartitionEffects#committed} tells when it is in force. */
    public void changeContext(ContextRef to, long nowMs) {
        wanted = to;
        proceed(nowMs);
    }

    /** Whether a context asked for now would come into force at the next barrier. */
    public boolean mayChangeContext() {
        return recorded.isEmpty() && tenure.maySwitch(nextOffset);
    }

    /** How many runs share {@link RunLimits#accounts} from now on. */
    public void share(int runs) {
        maxAccounts = Math.max(1, limits.accounts() / Math.max(1, runs));
    }

    /** Something around the run has failed that it cannot go on without. */
    public void fail(String reason) {
        if (phase == Phase.RUNNING) {
            lose(reason);
        }
    }

    /** Takes no more groups and makes durable what was taken; then {@link PartitionEffects#drained}. */
    public void drain(long nowMs) {
        draining = true;
        offered = null;
        proceed(nowMs);
    }

    /** Time passes: call several times per barrier interval. */
    public void tick(long nowMs) {
        if (phase == Phase.RUNNING
                && closing != null
                && closing.unanswered > 0
                && nowMs - closing.progressMs > limits.replyTimeoutMs()) {
            lose(closing.unanswered + " accounts owe barrier " + closing.number + " an answer, and none came for "
                    + limits.replyTimeoutMs() + " ms");
        }
        if (phase == Phase.RUNNING
                && accounts.active() >= maxAccounts
                && accounts.staying() < maxAccounts
                && nowMs - leftMs > limits.replyTimeoutMs()) {
            lose("accounts were asked to leave memory, and none did for " + limits.replyTimeoutMs() + " ms");
        }
        if (phase == Phase.RUNNING && tenure.looks(nowMs)) {
            effects.look();
        }
        if (phase == Phase.RUNNING && tenure.asksLogEnd(nowMs)) {
            effects.askLogEnd();
        }
        // With a group on its way the snapshots ride on its batches: give it a moment, and longer if it waits for room.
        boolean waits = offered != null || roomAwaited;
        if (isDue(nowMs - limits.barrierIntervalMs() / (waits ? 1 : 10))) {
            close(nowMs);
        }
        proceed(nowMs);
    }

    /** Ends the run, whatever its state: all its accounts leave memory; then {@link PartitionEffects#ended}. */
    public void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDING;
        offered = null;
        accounts.end();
        endIfEmpty();
    }

    /** Does whatever has become possible. Every entry point ends here, so that no order of answers is special. */
    private void proceed(long nowMs) {
        if (phase != Phase.RUNNING) {
            return;
        }
        if (closing != null && closing.complete() && !closing.writing) {
            closing.writing = true;
            ContextRef behind = closing.change == null ? context : closing.change;
            effects.report(durableOffset, closing.nextOffset, closing.merchants);
            effects.write(slots.checkpoint(closing, behind));
        }
        if (closing == null && changeDue() != null) {
            close(nowMs);
        }
        if (closing == null && draining) {
            if (nextOffset == durableOffset && open.touched.isEmpty()) {
                draining = false;
                effects.drained();
                return;
            }
            close(nowMs);
        }
        makeRoom(nowMs);
        if (offered != null && mayTake() && tenure.holds(nowMs)) {
            EventGroup group = offered;
            EventGroup fitting = accounts.fitting(group, nextOffset, maxAccounts - accounts.active());
            Gathered gathered = accounts.gather(
                    recorded.before(fitting), nextOffset, mostEvents(), limits.batchEvents(), open.merchants);
            offered = group.behind(gathered.part());
            roomAwaited = offered == null;
            take(gathered, nowMs);
            if (offered != null) {
                proceed(nowMs);
                return;
            }
        }
        if (roomAwaited && hasRoom()) {
            roomAwaited = false;
            effects.taken();
        }
    }

    private void retire(long interval, int most, long nowMs) {
        if (accounts.retire(interval, most) > 0) {
            leftMs = nowMs;
        }
    }

    /** With too many accounts in memory, some leave: at once those of durable intervals, others behind a barrier. */
    private void makeRoom(long nowMs) {
        if (accounts.staying() < maxAccounts) {
            return;
        }
        long durable = (closing == null ? open.number : closing.number) - 1;
        retire(durable, accounts.staying() - maxAccounts + Math.max(1, maxAccounts / ROOM), nowMs);
        if (closing == null && accounts.staying() >= maxAccounts && !open.touched.isEmpty()) {
            close(nowMs);
        }
    }

    /** The context to put in force at the next barrier, if it closed here; null for no change. */
    private @Nullable ContextRef changeDue() {
        ContextRef change = recorded.due(nextOffset, context);
        if (change == null && recorded.isEmpty() && tenure.maySwitch(nextOffset)) {
            wanted = context.equals(wanted) ? null : wanted;
            change = wanted;
        }
        return change;
    }

    private boolean mayTake() {
        boolean paused = closing != null && (closing.change != null || recorded.due(nextOffset, context) != null);
        return !paused && !draining && accounts.active() < maxAccounts && hasRoom();
    }

    private boolean hasRoom() {
        return inFlight() < limits.inFlight();
    }

    private boolean isDue(long atMs) {
        return phase == Phase.RUNNING
                && closing == null
                && atMs - lastBarrierMs >= limits.barrierIntervalMs()
                && nextOffset != durableOffset;
    }

    /** How many events may be taken at once: so many that no more alerts than may be in flight are likely to come of them. */
    private int mostEvents() {
        return (int) (limits.inFlight() / Math.max(alertShare, LEAST_ALERT_SHARE));
    }

    private void take(Gathered gathered, long nowMs) {
        EventGroup group = gathered.part();
        long from = nextOffset;
        for (DeadLetter letter : group.deadLetters()) {
            if (letter.offset() >= from) { // a group may bring it twice
                from = letter.offset() + 1;
                open.unacknowledged++;
                unacknowledged++;
                effects.publish(open.number, letter);
            }
        }
        nextOffset = Math.max(nextOffset, group.nextOffset());
        boolean closes = isDue(nowMs);
        long dueMs = lastBarrierMs + limits.barrierIntervalMs();
        AccountSlot last = null;
        for (int i = 0; i < gathered.slots().size(); i++) {
            last = gathered.slots().get(i);
            boolean rests = last.restsUntil(dueMs, nowMs);
            accounts.send(last, open, context, last.gathered(), closes || rests);
        }
        if (probe == null && last != null) {
            List<LoggedEvent> events = group.events();
            probe = new Probe(last, last.sent, events.get(events.size() - 1).appendTimeMs());
        }
        if (closes) {
            close(nowMs);
        }
    }

    /** Closes the barrier: from here on, events belong to the next interval. */
    private void close(long nowMs) {
        Interval barrier = open;
        accounts.close(barrier, context);
        barrier.nextOffset = nextOffset;
        barrier.progressMs = nowMs;
        barrier.change = changeDue();
        lastBarrierMs = nowMs;
        closing = barrier;
        open = new Interval(barrier.number + 1);
        proceed(nowMs);
    }

    private void onFolded(AccountSlot slot, Folded folded, @Nullable AccountPeer from, long nowMs) {
        if (!accounts.isNews(slot, folded)) {
            return;
        }
        Interval of = interval(folded.interval());
        if (of == null || !accounts.take(slot, folded, of, from)) {
            lose("an answer of account " + slot.account + " was lost before number " + folded.number());
            return;
        }
        of.unanswered--;
        of.progressMs = nowMs;
        effects.folded(folded.events(), folded.late());
        alertShare += (folded.alerts().size() - alertShare * folded.events()) / Math.max(SHARE_EVENTS, folded.events());
        if (probe != null && probe.slot() == slot && probe.number() == folded.number()) {
            effects.decided(probe.appendTimeMs());
            probe = null;
        }
        for (RaisedAlert alert : folded.alerts()) {
            of.unacknowledged++;
            unacknowledged++;
            effects.publish(of.number, alert);
        }
        for (ScoredRecord scored : folded.scored()) {
            of.unacknowledged++;
            unacknowledged++;
            effects.publish(of.number, scored);
        }
    }

    private void onRetired(AccountSlot slot) {
        if (!accounts.retired(slot)) {
            lose("account " + slot.account + " left memory unasked");
        } else if (phase == Phase.ENDING) {
            endIfEmpty();
        }
    }

    private @Nullable Interval interval(long number) {
        if (number == open.number) {
            return open;
        }
        return closing != null && number == closing.number ? closing : null;
    }

    private void lose(String reason) {
        phase = Phase.ENDING;
        offered = null;
        effects.lost(reason);
    }

    private void endIfEmpty() {
        if (accounts.isOver()) {
            phase = Phase.ENDED;
            effects.ended();
        }
    }
}
