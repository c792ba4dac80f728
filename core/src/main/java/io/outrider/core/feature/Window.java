package io.outrider.core.feature;

/**
 * A rolling window of a plan: a ring of fixed event-time buckets.
 *
 * <p>It covers every bucket that overlaps {@code (t - length, t]}: all of the window, and up to one bucket's width
 * more.
 *
 * @param name how features of the plan refer to it
 * @param lengthMs length in milliseconds
 * @param bucketMs width of a bucket, a divisor of the length
 * @param slots how many buckets the ring holds
 * @param first where its slots begin in the state's arrays
 */
record Window(String name, long lengthMs, long bucketMs, int slots, int first) {

    long bucket(long timeMs) {
        return Math.floorDiv(timeMs, bucketMs);
    }

    int slot(long bucket) {
        return first + Math.floorMod(bucket, slots);
    }
}
