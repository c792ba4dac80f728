package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.Arrays;

/**
 * How many things happened within 1, 7 and 30 days: rings of buckets of 2 h, 12 h and 1 d, 236 bytes whatever the
 * traffic. A time older than a ring is not counted in it. Belongs to one thread.
 */
final class DayCounts {

    private static final long HOUR_MS = 3_600_000L;
    private static final long[] BUCKET_MS = {2 * HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS};
    private static final int[] SLOTS = {13, 15, 31};
    private static final int[] FIRST = {0, 13, 28};
    private static final int ALL_SLOTS = 59;

    private final int[] counts;
    private long newestMs;

    DayCounts() {
        this(new int[ALL_SLOTS], Long.MIN_VALUE);
    }

    private DayCounts(int[] counts, long newestMs) {
        this.counts = counts;
        this.newestMs = newestMs;
    }

    DayCounts copy() {
        return new DayCounts(counts.clone(), newestMs);
    }

    long newestMs() {
        return newestMs;
    }

    void add(long timeMs, int count) {
        if (newestMs == Long.MIN_VALUE) {
            newestMs = timeMs;
        } else if (timeMs > newestMs) {
            advance(timeMs);
        }
        for (int window = 0; window < SLOTS.length; window++) {
            long bucket = Math.floorDiv(timeMs, BUCKET_MS[window]);
            if (Math.floorDiv(newestMs, BUCKET_MS[window]) - bucket < SLOTS[window]) {
                int slot = FIRST[window] + Math.floorMod(bucket, SLOTS[window]);
                counts[slot] = (int) Math.min((long) counts[slot] + count, Integer.MAX_VALUE);
            }
        }
    }

    /** Writes the counts of the windows that end at a time into {@code into}. */
    void sums(long nowMs, int[] into) {
        Arrays.fill(into, 0);
        if (newestMs == Long.MIN_VALUE) {
            return;
        }
        for (int window = 0; window < SLOTS.length; window++) {
            long now = Math.floorDiv(nowMs, BUCKET_MS[window]);
            long newest = Math.floorDiv(newestMs, BUCKET_MS[window]);
            long from = Math.max(now, newest) - SLOTS[window] + 1;
            long to = Math.min(now, newest);
            long sum = 0;
            for (long bucket = from; bucket <= to; bucket++) {
                sum += counts[FIRST[window] + Math.floorMod(bucket, SLOTS[window])];
            }
            into[window] = (int) Math.min(sum, Integer.MAX_VALUE);
        }
    }

    /** Writes what there is; equal counts give equal bytes. */
    void write(StateWriter out) {
        RiskTimes.write(out, newestMs);
        if (newestMs == Long.MIN_VALUE) {
            return;
        }
        int filled = 0;
        for (int count : counts) {
            filled += count == 0 ? 0 : 1;
        }
        out.unsigned(filled);
        for (int slot = 0; slot < ALL_SLOTS; slot++) {
            if (counts[slot] != 0) {
                out.unsigned(slot);
                out.unsigned(counts[slot]);
            }
        }
    }

    /** Reads what {@link #write} wrote; IllegalArgumentException if that makes no sense. */
    static DayCounts read(StateReader in) {
        int[] counts = new int[ALL_SLOTS];
        long newestMs = RiskTimes.read(in);
        int filled = newestMs == Long.MIN_VALUE ? 0 : in.unsigned(ALL_SLOTS);
        for (int i = 0; i < filled; i++) {
            int slot = in.unsigned(ALL_SLOTS - 1);
            counts[slot] = in.unsigned(Integer.MAX_VALUE);
        }
        return new DayCounts(counts, newestMs);
    }

    private void advance(long timeMs) {
        for (int window = 0; window < SLOTS.length; window++) {
            long from = Math.floorDiv(newestMs, BUCKET_MS[window]) + 1;
            long to = Math.floorDiv(timeMs, BUCKET_MS[window]);
            for (long bucket = Math.max(from, to - SLOTS[window] + 1); bucket <= to; bucket++) {
                counts[FIRST[window] + Math.floorMod(bucket, SLOTS[window])] = 0;
            }
        }
        newestMs = timeMs;
    }
}
