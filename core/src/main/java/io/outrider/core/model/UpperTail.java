package io.outrider.core.model;

import java.util.Arrays;

/**
 * Fits how surprising high values are: the curve v -> -ln P(X >= v), in nats, from a sample. 0 for the smallest value,
 * 4.6 for one that only 1% reach.
 *
 * <p>Up to the {@code bodyShare} quantile the curve follows the sample (ties count as reaching the value). Beyond it goes
 * on as a straight line, which is an exponential tail, with the slope of its last stretch (a factor {@value #STRETCH} in
 * probability). So surprise keeps growing past everything seen, and anomalies in the sample do not teach the curve that
 * anomalies are usual: with 1% of amounts between 5,000 and 20,000 and the rest below 1,000, ranks alone would call 1,000
 * and 5,000 equally surprising.
 */
public final class UpperTail {

    /** Knots per factor e of probability. */
    private static final int KNOTS_PER_NAT = 5;

    private static final double STRETCH = 5;

    private UpperTail() {}

    /**
     * The curve of a sample; NaN in it is left out.
     *
     * @param bodyShare share of the sample that is described by its ranks, in (0, 1]; 1 for all of it
     */
    public static Curve fit(double[] sample, double bodyShare) {
        if (!(bodyShare > 0 && bodyShare <= 1)) {
            throw new IllegalArgumentException("body share must be in (0, 1]: " + bodyShare);
        }
        double[] sorted = sorted(sample);
        if (sorted.length == 0) {
            return Curve.line(0);
        }
        Knots knots = knots(sorted, bodyShare);
        if (knots.size < 2 && bodyShare < 1) {
            knots = knots(sorted, 1); // nothing varies in the body: what is rare lies in the tail alone
        }
        return knots.curve();
    }

    /** The finite values, ascending. */
    static double[] sorted(double[] sample) {
        double[] finite = new double[sample.length];
        int size = 0;
        for (double value : sample) {
            if (Double.isFinite(value)) {
                finite[size++] = value;
            }
        }
        Arrays.sort(finite, 0, size);
        return size == finite.length ? finite : Arrays.copyOf(finite, size);
    }

    private static Knots knots(double[] sorted, double bodyShare) {
        int n = sorted.length;
        Knots knots = new Knots();
        double least = Math.max(1.0, n * (1 - bodyShare));
        for (int step = 0; ; step++) {
            double reaching = n * StrictMath.exp(-(double) step / KNOTS_PER_NAT);
            if (reaching < least) {
                break;
            }
            knots.add(sorted, Math.min(n - 1, n - (int) Math.ceil(reaching)));
        }
        if (bodyShare == 1) {
            knots.add(sorted, n - 1);
        }
        return knots;
    }

    /** Knots so far, ascending in both coordinates. */
    private static final class Knots {
        private double[] x = new double[128];
        private double[] y = new double[128];
        private int size;

        void add(double[] sorted, int index) {
            double value = sorted[index];
            if (size > 0 && value <= x[size - 1]) {
                return;
            }
            if (size == x.length) {
                x = Arrays.copyOf(x, size * 2);
                y = Arrays.copyOf(y, size * 2);
            }
            int first = index;
            while (first > 0 && sorted[first - 1] == value) {
                first--;
            }
            x[size] = value;
            y[size] = -StrictMath.log((sorted.length - first) / (double) sorted.length);
            size++;
        }

        Curve curve() {
            return new Curve(Arrays.copyOf(x, size), Arrays.copyOf(y, size), 0, slopeAbove());
        }

        private double slopeAbove() {
            int last = size - 1;
            if (last == 0) {
                return 1 / Math.max(1, Math.abs(x[0])); // a constant: whatever exceeds it by its own size is 1 nat off
            }
            int from = last - 1;
            while (from > 0 && y[last] - y[from] < StrictMath.log(STRETCH)) {
                from--;
            }
            return (y[last] - y[from]) / (x[last] - x[from]);
        }
    }
}
