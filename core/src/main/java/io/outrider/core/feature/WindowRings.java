package io.outrider.core.feature;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts and amount sums of one account's rolling windows, as rings of buckets. An event costs a few additions for
 * each bucket; memory is 12 bytes for each bucket however many events fall into it. Belongs to one thread.
 */
final class WindowRings {

    private final Window[] windows;
    private final int[] counts;
    private final double[] sums;
    /** Of each window, as of the last {@link #advance}; scratch, not state. */
    private final long[] windowCount;

    private final double[] windowSum;

    /**
     * Where each window's newest bucket is, as of the last {@link #advance} to {@link #endMs}; saves divisions, not
     * state.
     */
    private final long[] endBucket;

    private final int[] endSlot;
    private long endMs = Long.MIN_VALUE;

    WindowRings(Window[] windows) {
        this(windows, new int[slots(windows)], new double[slots(windows)]);
    }

    private WindowRings(Window[] windows, int[] counts, double[] sums) {
        this.windows = windows;
        this.counts = counts;
        this.sums = sums;
        this.windowCount = new long[windows.length];
        this.windowSum = new double[windows.length];
        this.endBucket = new long[windows.length];
        this.endSlot = new int[windows.length];
    }

    WindowRings copy() {
        return new WindowRings(windows, counts.clone(), sums.clone());
    }

    /** Moves the windows' end from one time to a later one, emptying the buckets between, and sums each window. */
    void advance(long fromMs, long toMs) {
        for (int i = 0; i < windows.length; i++) {
            Window window = windows[i];
            long previous = fromMs == endMs ? endBucket[i] : window.bucket(fromMs);
            long to = window.bucket(toMs);
            for (long bucket = Math.max(previous + 1, to - window.slots() + 1); bucket <= to; bucket++) {
                counts[window.slot(bucket)] = 0;
                sums[window.slot(bucket)] = 0;
            }
            if (to != previous || fromMs != endMs) {
                endBucket[i] = to;
                endSlot[i] = window.slot(to);
            }
        }
        endMs = toMs;
        total();
    }

    /** Whether an event still falls into a window, which ends where it was last advanced to. */
    boolean contains(int window, long timeMs) {
        return timeMs == endMs || endBucket[window] - windows[window].bucket(timeMs) < windows[window].slots();
    }

    /** Adds an event to the windows it falls into; returns whether there was any. */
    boolean add(long timeMs, double amount) {
        boolean added = false;
        for (int i = 0; i < windows.length; i++) {
            if (contains(i, timeMs)) {
                int slot = timeMs == endMs ? endSlot[i] : windows[i].slot(windows[i].bucket(timeMs));
                if (counts[slot] != Integer.MAX_VALUE) {
                    counts[slot]++;
                }
                sums[slot] += amount;
                added = true;
            }
        }
        return added;
    }

    /** Events in a window, as of the last {@link #advance} or {@link #total}. */
    long count(int window) {
        return windowCount[window];
    }

    /** Sum of the amounts in a window, as of the last {@link #advance} or {@link #total}. */
    double sum(int window) {
        return windowSum[window];
    }

    /** Sums each window as it stands. */
    void total() {
        for (int i = 0; i < windows.length; i++) {
            int end = windows[i].first() + windows[i].slots();
            long count = 0;
            double sum = 0;
            for (int slot = windows[i].first(); slot < end; slot++) {
                count += counts[slot];
                sum += sums[slot];
            }
            windowCount[i] = count;
            windowSum[i] = sum;
        }
    }

    /** The buckets of a window that are not empty, oldest first. */
    List<Spending> buckets(int index, long nowMs) {
        Window window = windows[index];
        long newest = window.bucket(nowMs);
        List<Spending> buckets = new ArrayList<>(window.slots());
        for (long bucket = newest - window.slots() + 1; bucket <= newest; bucket++) {
            int slot = window.slot(bucket);
            if (counts[slot] > 0) {
                long startMs = bucket * window.bucketMs();
                buckets.add(new Spending(
                        Duration.ofMillis(window.lengthMs()),
                        startMs,
                        startMs + window.bucketMs(),
                        counts[slot],
                        sums[slot]));
            }
        }
        return buckets;
    }

    /**
     * The non-empty buckets of each window from the newest back: how many, then for each the gap to the one before
     * it, count and sum.
     */
    void write(StateWriter out, long nowMs) {
        for (Window window : windows) {
            int first = window.first();
            int end = first + window.slots();
            int used = 0;
            for (int slot = first; slot < end; slot++) {
                used += counts[slot] > 0 ? 1 : 0;
            }
            out.unsigned(used);
            int slot = window.slot(window.bucket(nowMs)); // the ring is walked without a division for each bucket
            int previous = 0;
            for (int age = 0; used > 0; age++) {
                if (counts[slot] > 0) {
                    out.unsigned(age - previous);
                    out.unsigned(counts[slot]);
                    out.decimal(sums[slot]);
                    previous = age;
                    used--;
                }
                slot = slot == first ? end - 1 : slot - 1;
            }
        }
    }

    void read(StateReader in, long nowMs) {
        Arrays.fill(counts, 0);
        Arrays.fill(sums, 0);
        for (Window window : windows) {
            long newest = window.bucket(nowMs);
            int used = in.unsigned(window.slots());
            int age = 0;
            for (int i = 0; i < used; i++) {
                age += in.unsigned(window.slots());
                if (age >= window.slots()) {
                    throw in.damaged("a bucket outside its window");
                }
                int slot = window.slot(newest - age);
                counts[slot] = in.unsigned(Integer.MAX_VALUE);
                sums[slot] = in.decimal();
            }
        }
    }

    private static int slots(Window[] windows) {
        int slots = 0;
        for (Window window : windows) {
            slots += window.slots();
        }
        return slots;
    }
}
