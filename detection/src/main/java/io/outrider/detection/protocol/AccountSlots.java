package io.outrider.detection.protocol;

import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.lake.checkpoint.CheckpointManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All accounts of a partition with their states as of the last barrier, from which checkpoints are written: a slot for
 * each one in memory, the others among the passive ones, each account in one place only. A checkpoint holds the changed
 * accounts only (of an erased one, a state of no bytes), until the deltas outgrow all accounts together or become too many; then it holds them all and is the
 * new base.
 */
public final class AccountSlots {

    private final Map<String, AccountSlot> slots = new HashMap<>();
    private final PassiveAccounts passive;
    private final int maxDeltas;

    /** Length of the states in slots. */
    private long slotBytes;

    private long deltaBytes;
    private int deltas;
    private boolean hasBase;
    private boolean cutOpen;

    /** No slot that is gone has sent a higher number, so that no late answer to it passes for one to its successor. */
    private long highestNumber;

    AccountSlots(CheckpointManifest manifest, PassiveAccounts passive, int maxDeltas) {
        this.maxDeltas = maxDeltas;
        this.passive = passive;
        for (CheckpointFile delta : manifest.deltas()) {
            deltaBytes += delta.sizeBytes();
        }
        this.deltas = manifest.deltas().size();
        this.hasBase = !manifest.base().isEmpty();
    }

    /** All accounts' names, in no order; for any thread, until the run is over. */
    public Iterable<String> names() {
        List<String> unknown = new ArrayList<>();
        Set<String> erased = new HashSet<>();
        for (AccountSlot slot : slots.values()) {
            if (slot.state != null && slot.state.length == 0) {
                erased.add(slot.account);
            } else if (!slot.known) {
                unknown.add(slot.account);
            }
        }
        Iterable<String> known = passive.names();
        return () -> Stream.concat(unknown.stream(), StreamSupport.stream(known.spliterator(), false))
                .filter(name -> !erased.contains(name))
                .iterator();
    }

    /** Whether the account is in memory and can be asked itself. */
    public boolean isActive(String account) {
        AccountSlot slot = slots.get(account);
        return slot != null && slot.active && !slot.retiring;
    }

    /** Where the account last answered from; null if it is to be looked for. */
    public @Nullable AccountPeer peer(String account) {
        AccountSlot slot = slots.get(account);
        return slot == null ? null : slot.peer;
    }

    /** The account's state as of the last barrier it was part of; null if it was part of none, or does not exist. */
    public byte @Nullable [] state(String account) {
        AccountSlot slot = slots.get(account);
        byte[] state = slot == null ? passive.read(account) : slot.state;
        return state == null || state.length == 0 ? null : state;
    }

    /** Those in memory, on their way there, or on their way out. */
    Collection<AccountSlot> inMemory() {
        return slots.values();
    }

    @Nullable
    AccountSlot find(String account) {
        return slots.get(account);
    }

    /** The same without looking it up, where it was opened by this run: with many accounts looking up costs more. */
    @Nullable
    AccountSlot find(String account, @Nullable AccountPeer from) {
        AccountSlot noted = from == null ? null : from.slot;
        return noted != null && noted.home == this && noted.active ? noted : slots.get(account);
    }

    AccountSlot obtain(String account) {
        AccountSlot slot = slots.get(account);
        if (slot == null) {
            byte[] state = passive.take(account);
            slotBytes += state == null ? 0 : state.length;
            slot = new AccountSlot(this, account, state, highestNumber);
            slots.put(account, slot);
        }
        return slot;
    }

    void update(AccountSlot slot, byte[] state) {
        slotBytes += state.length - (slot.state == null ? 0 : slot.state.length);
        slot.state = state;
    }

    /** The account has left memory with nothing to be answered. */
    void passivate(AccountSlot slot) {
        slots.remove(slot.account);
        highestNumber = Math.max(highestNumber, slot.sent);
        byte[] state = slot.state;
        if (state != null) {
            passive.put(slot.account, state, slot.known);
            slotBytes -= state.length;
            slot.state = null;
        }
    }

    /** The checkpoint of a barrier whose accounts have all answered, and before any answers for the next. */
    Checkpoint checkpoint(Interval barrier, ContextRef behind) {
        long changedBytes = 0;
        for (AccountSlot slot : barrier.touched) {
            changedBytes += slot.state == null ? 0 : slot.state.length;
        }
        boolean complete = !hasBase || deltaBytes + changedBytes > slotBytes + passive.bytes() || deltas >= maxDeltas;
        List<AccountBytes> accounts = new ArrayList<>(complete ? slots.size() : barrier.touched.size());
        for (AccountSlot slot : complete ? slots.values() : barrier.touched) {
            if (slot.state != null && (!complete || slot.state.length > 0)) {
                accounts.add(new AccountBytes(slot.account, slot.state));
            }
        }
        boolean empty = accounts.isEmpty() && (!complete || passive.size() == 0);
        hasBase = hasBase || !empty;
        deltaBytes = complete ? 0 : deltaBytes + changedBytes;
        deltas = complete ? 0 : deltas + (empty ? 0 : 1);
        cutOpen = complete;
        AccountStream states = complete ? both(passive.cut(), accounts) : AccountStream.of(accounts);
        return new Checkpoint(barrier.number, barrier.nextOffset, behind, complete, states);
    }

    /** The last checkpoint is durable and not needed any more. */
    void written() {
        if (cutOpen) {
            cutOpen = false;
            passive.endCut();
        }
    }

    private static AccountStream both(AccountStream passive, List<AccountBytes> inMemory) {
        return sink -> {
            passive.forEach(sink);
            AccountStream.of(inMemory).forEach(sink);
        };
    }
}
