package io.outrider.detection.protocol;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in memory by the interval of their last events. Events cost nothing here but an account's first: it stays where it
 * was put then, and moves behind those idle longer when its turn has come and it turns out to have been used since.
 */
final class UseOrder {

    /** A few milliseconds' work. */
    static final int MOST_MOVED = 20_000;

    private final NavigableMap<Long, Queue<AccountSlot>> byInterval = new TreeMap<>();
    private int size;

    int size() {
        return size;
    }

    /** The account has events in the interval {@link AccountSlot#touchedIn}, whether it is here or not. */
    void use(AccountSlot slot) {
        if (!slot.staying) {
            slot.staying = true;
            size++;
            place(slot);
        }
    }

    /** Takes an account out, if it is here; what is left of it in its place is passed over later. */
    void remove(AccountSlot slot) {
        if (slot.staying) {
            slot.staying = false;
            size--;
        }
    }

    /**
     * Takes one out of those idle longest; null if there is none, or none before so many that have been used since: the rest have their turn
     * when this is called again, so that what waits behind this does not wait for all.
     *
     * @param interval only an account whose last events were in this one or before
     */
    @Nullable
    AccountSlot takeIdle(long interval) {
        Map.Entry<Long, Queue<AccountSlot>> first = byInterval.firstEntry();
        int moved = 0;
        while (first != null && first.getKey() <= interval && moved < MOST_MOVED) {
            AccountSlot slot = first.getValue().poll();
            if (slot == null) {
                byInterval.pollFirstEntry();
                first = byInterval.firstEntry();
            } else if (slot.staying && slot.touchedIn > first.getKey()) {
                place(slot);
                moved++;
            } else if (slot.staying) {
                remove(slot);
                return slot;
            }
        }
        return null;
    }

    private void place(AccountSlot slot) {
        byInterval.computeIfAbsent(slot.touchedIn, any -> new ArrayDeque<>()).add(slot);
    }
}
