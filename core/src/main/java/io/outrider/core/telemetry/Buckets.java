package io.outrider.core.telemetry;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** A histogram with fixed upper bounds, for figures that are only ever exported. Adding is cheap; thread-safe. */
public final class Buckets {

    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    /** @param bounds upper bounds, ascending, each inclusive; what is above the last has a bucket of its own */
    public Buckets(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts a value; one that is no number counts nowhere. */
    public void add(double value) {
        if (Double.isNaN(value)) {
            return;
        }
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(value);
    }

    /** Upper bounds; the last bucket has none. */
    public double[] bounds() {
        return bounds.clone();
    }

    /** Values in each bucket, one more than there are bounds. */
    public long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    public double sum() {
        return sum.sum();
    }
}
