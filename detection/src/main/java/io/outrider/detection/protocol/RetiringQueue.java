package io.outrider.detection.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds accounts that have been idle for a number of barriers. Remembers which accounts each of the last intervals
 * touched, so that a barrier looks at those of one interval only, not at all accounts.
 */
final class RetiringQueue {

    private final int barriers;
    private final Deque<Interval> done = new ArrayDeque<>();

    RetiringQueue(int barriers) {
        this.barriers = barriers;
    }

    /** Takes a durable interval and returns the accounts in memory that no interval since has touched. */
    List<AccountSlot> next(Interval durable) {
        done.addLast(durable);
        if (done.size() <= barriers) {
            return List.of();
        }
        Interval oldest = done.removeFirst();
        List<AccountSlot> retiring = new ArrayList<>();
        for (AccountSlot slot : oldest.touched) {
            if (slot.touchedIn == oldest.number && slot.active && !slot.retiring) {
                retiring.add(slot);
            }
        }
        return retiring;
    }
}
