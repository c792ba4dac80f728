package io.outrider.detection.protocol;

import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.lake.checkpoint.CheckpointManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All accounts of a partition with their states as of the last barrier: the compact store from which idle accounts come
 * back, and from which checkpoints are written. A checkpoint holds the changed accounts only, until the deltas outgrow
 * all accounts together or become too many; then it holds them all and is the new base.
 */
public final class AccountSlots {

    private final Map<String, AccountSlot> slots;
    private final int maxDeltas;

    private long totalBytes;
    private long deltaBytes;
    private int deltas;
    private boolean hasBase;

    AccountSlots(CheckpointManifest manifest, Map<String, byte[]> states, int maxDeltas) {
        this.maxDeltas = maxDeltas;
        this.slots = new HashMap<>(Math.max(16, states.size() * 2));
        for (Map.Entry<String, byte[]> entry : states.entrySet()) {
            slots.put(entry.getKey(), new AccountSlot(entry.getKey(), entry.getValue()));
            totalBytes += entry.getValue().length;
        }
        for (CheckpointFile delta : manifest.deltas()) {
            deltaBytes += delta.sizeBytes();
        }
        this.deltas = manifest.deltas().size();
        this.hasBase = !manifest.base().isEmpty();
    }

    /** How many accounts there are. */
    public int size() {
        return slots.size();
    }

    /** All accounts' names, in no order. */
    public String[] names() {
        return slots.keySet().toArray(new String[0]);
    }

    /** Whether the account exists. */
    public boolean contains(String account) {
        return slots.containsKey(account);
    }

    /** Whether the account is in memory and can be asked itself. */
    public boolean isActive(String account) {
        AccountSlot slot = slots.get(account);
        return slot != null && slot.active && !slot.retiring;
    }

    /** The account's state as of the last barrier it was part of; null if it was part of none. */
    public byte @Nullable [] state(String account) {
        AccountSlot slot = slots.get(account);
        return slot == null ? null : slot.state;
    }

    Collection<AccountSlot> all() {
        return slots.values();
    }

    @Nullable
    AccountSlot find(String account) {
        return slots.get(account);
    }

    AccountSlot obtain(String account) {
        AccountSlot slot = slots.get(account);
        if (slot == null) {
            slot = new AccountSlot(account, null);
            slots.put(account, slot);
        }
        return slot;
    }

    void update(AccountSlot slot, byte[] state) {
        totalBytes += state.length - (slot.state == null ? 0 : slot.state.length);
        slot.state = state;
    }

    /** The checkpoint of a barrier whose accounts have all answered, and before any answers for the next. */
    Checkpoint checkpoint(Interval barrier, ContextRef behind) {
        long changedBytes = 0;
        for (AccountSlot slot : barrier.touched) {
            changedBytes += slot.state == null ? 0 : slot.state.length;
        }
        boolean complete = !hasBase || deltaBytes + changedBytes > totalBytes || deltas >= maxDeltas;
        List<AccountBytes> accounts = new ArrayList<>(complete ? slots.size() : barrier.touched.size());
        for (AccountSlot slot : complete ? slots.values() : barrier.touched) {
            if (slot.state != null) {
                accounts.add(new AccountBytes(slot.account, slot.state));
            }
        }
        hasBase = hasBase || !accounts.isEmpty();
        deltaBytes = complete ? 0 : deltaBytes + changedBytes;
        deltas = complete ? 0 : deltas + (accounts.isEmpty() ? 0 : 1);
        return new Checkpoint(barrier.number, barrier.nextOffset, behind, complete, accounts);
    }
}
