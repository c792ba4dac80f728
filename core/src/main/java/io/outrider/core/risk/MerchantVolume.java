package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.Arrays;

/**
 * How many transactions a merchant had, by buckets of two hours of event time: sorted, only those with any, 20 bytes
 * each. Old buckets may be {@link #settle settled}: then only their sum is kept. The same transactions in any order give
 * the same volume. Belongs to one thread.
 */
final class MerchantVolume {

    static final long BUCKET_MS = 2 * 3_600_000L;

    private long[] buckets = new long[2];
    private int[] counts = new int[2];
    private long[] newestMs = new long[2];
    private int size;
    private long settledCount;
    private long settledNewestMs = MerchantHistory.NEVER;

    static long bucketOf(long timeMs) {
        return Math.floorDiv(timeMs, BUCKET_MS);
    }

    int size() {
        return size;
    }

    long bucket(int i) {
        return buckets[i];
    }

    int count(int i) {
        return counts[i];
    }

    /** Event time of the newest transaction of a bucket. */
    long newestMs(int i) {
        return newestMs[i];
    }

    long settledCount() {
        return settledCount;
    }

    /** Event time of the newest settled transaction, {@link MerchantHistory#NEVER} if there is none. */
    long settledNewestMs() {
        return settledNewestMs;
    }

    void add(long timeMs) {
        add(bucketOf(timeMs), 1, timeMs);
    }

    void add(MerchantVolume other) {
        for (int i = 0; i < other.size; i++) {
            add(other.buckets[i], other.counts[i], other.newestMs[i]);
        }
        settledCount += other.settledCount;
        settledNewestMs = Math.max(settledNewestMs, other.settledNewestMs);
    }

    /** Keeps of the buckets below this one only the sum. */
    void settle(long belowBucket) {
        int old = 0;
        while (old < size && buckets[old] < belowBucket) {
            settledCount += counts[old];
            settledNewestMs = Math.max(settledNewestMs, newestMs[old]);
            old++;
        }
        if (old > 0) {
            System.arraycopy(buckets, old, buckets, 0, size - old);
            System.arraycopy(counts, old, counts, 0, size - old);
            System.arraycopy(newestMs, old, newestMs, 0, size - old);
            size -= old;
        }
    }

    void write(StateWriter out) {
        out.unsigned(settledCount);
        RiskTimes.write(out, settledNewestMs);
        out.unsigned(size);
        long before = 0;
        for (int i = 0; i < size; i++) {
            out.signed(buckets[i] - before);
            out.unsigned(counts[i]);
            out.unsigned(newestMs[i] - buckets[i] * BUCKET_MS);
            before = buckets[i];
        }
    }

    static MerchantVolume read(StateReader in) {
        MerchantVolume volume = new MerchantVolume();
        volume.settledCount = in.unsigned();
        volume.settledNewestMs = RiskTimes.read(in);
        int size = in.unsigned(Integer.MAX_VALUE);
        long bucket = 0;
        for (int i = 0; i < size; i++) {
            bucket += in.signed();
            int count = in.unsigned(Integer.MAX_VALUE);
            volume.add(bucket, count, bucket * BUCKET_MS + in.unsigned((int) BUCKET_MS - 1));
        }
        return volume;
    }

    private void add(long bucket, int count, long timeMs) {
        int at = size;
        while (at > 0 && buckets[at - 1] > bucket) {
            at--; // nearly always the last
        }
        if (at > 0 && buckets[at - 1] == bucket) {
            counts[at - 1] = (int) Math.min((long) counts[at - 1] + count, Integer.MAX_VALUE);
            newestMs[at - 1] = Math.max(newestMs[at - 1], timeMs);
            return;
        }
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
            newestMs = Arrays.copyOf(newestMs, size * 2);
        }
        System.arraycopy(buckets, at, buckets, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        System.arraycopy(newestMs, at, newestMs, at + 1, size - at);
        buckets[at] = bucket;
        counts[at] = count;
        newestMs[at] = timeMs;
        size++;
    }
}
