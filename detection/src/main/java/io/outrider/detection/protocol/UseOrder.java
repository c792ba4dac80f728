package io.outrider.detection.protocol;

import org.jspecify.annotations.Nullable;

/** Accounts in memory by when they last had events: a list through the slots themselves, the one idle longest first. */
final class UseOrder {

    private @Nullable AccountSlot first;
    private @Nullable AccountSlot last;
    private int size;

    int size() {
        return size;
    }

    /** The account idle longest; null if there is none. */
    @Nullable
    AccountSlot first() {
        return first;
    }

    /** The account has events now, whether it is in the list or not. */
    void use(AccountSlot slot) {
        if (slot == last) {
            return;
        }
        remove(slot);
        AccountSlot before = last;
        slot.usedBefore = before;
        if (before == null) {
            first = slot;
        } else {
            before.usedAfter = slot;
        }
        last = slot;
        size++;
    }

    /** Takes an account out of the list, if it is there. */
    void remove(AccountSlot slot) {
        AccountSlot before = slot.usedBefore;
        AccountSlot after = slot.usedAfter;
        if (before == null && slot != first) {
            return;
        }
        if (before == null) {
            first = after;
        } else {
            before.usedAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.usedBefore = before;
        }
        slot.usedBefore = null;
        slot.usedAfter = null;
        size--;
    }
}
