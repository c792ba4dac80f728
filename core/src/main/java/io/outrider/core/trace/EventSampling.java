package io.outrider.core.trace;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which records of the stream are traced: those whose producer says that it traces them ({@code traceparent} with
 * the sampled flag), and of those without a {@code traceparent} a share, by a hash of their place in the log, so that a
 * replay chooses the same. Neither may be more than a bound per second, so that no producer decides what tracing costs
 * here. Thread-safe.
 */
public final class EventSampling {

    /** No record at all. */
    public static final EventSampling NONE = new EventSampling(0, 0, System::nanoTime);

    /** Place of the flags in {@code 00-<32 hex>-<16 hex>-<2 hex>}; the lowest bit of the last digit means sampled. */
    private static final int LAST_FLAG_DIGIT = 54;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long threshold;
    private final int maxPerSecond;
    private final LongSupplier nanoTime;

    private long secondBegan; // guarded by this
    private int taken; // guarded by this

    /**
     * A choice.
     *
     * @param ratio share of the records without a {@code traceparent}, 0 to 1
     * @param maxPerSecond how many records a second are traced at most
     * @param nanoTime a clock that only goes forward, for the bound
     */
    public EventSampling(double ratio, int maxPerSecond, LongSupplier nanoTime) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("ratio must be between 0 and 1, not " + ratio);
        }
        if (maxPerSecond < 0) {
            throw new IllegalArgumentException("max-per-second must not be negative, not " + maxPerSecond);
        }
        this.threshold = (long) (ratio * (1L << 53));
        this.maxPerSecond = maxPerSecond;
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
    }

    /**
     * Whether a record is traced; costs two comparisons for nearly every one that is not.
     *
     * @param traceparent the header's value, or null if the record has none
     */
    public boolean takes(int partition, long offset, byte @Nullable [] traceparent) {
        boolean wanted = traceparent == null ? threshold > 0 && isInShare(partition, offset) : isSampled(traceparent);
        return wanted && mayTake();
    }

    private boolean isInShare(int partition, long offset) {
        // SplitMix64's finaliser: neighbouring offsets end far apart.
        long hash = offset * 0x9E3779B97F4A7C15L + partition;
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return ((hash ^ (hash >>> 31)) >>> 11) < threshold;
    }

    private static boolean isSampled(byte[] traceparent) {
        int flags = traceparent.length > LAST_FLAG_DIGIT ? Character.digit(traceparent[LAST_FLAG_DIGIT], 16) : -1;
        return flags >= 0 && (flags & 1) == 1;
    }

    private synchronized boolean mayTake() {
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= SECOND_NANOS) {
            secondBegan = now;
            taken = 0;
        }
        if (taken >= maxPerSecond) {
            return false;
        }
        taken++;
        return true;
    }
}
