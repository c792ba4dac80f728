package io.outrider.core.model;

import java.util.Arrays;

/**
 * A continuous function of one variable that never falls: straight lines between knots, straight lines beyond the first
 * and the last. Immutable.
 */
public final class Curve {

    private final double[] x;
    private final double[] y;
    private final double slopeBelow;
    private final double slopeAbove;

    /** Knots with strictly ascending x and y that does not descend; slopes not negative. */
    public Curve(double[] x, double[] y, double slopeBelow, double slopeAbove) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException("a curve needs knots, as many x as y");
        }
        for (int i = 0; i < x.length; i++) {
            boolean ascends = i == 0 || (x[i] > x[i - 1] && y[i] >= y[i - 1]);
            if (!Double.isFinite(x[i]) || !Double.isFinite(y[i]) || !ascends) {
                throw new IllegalArgumentException("knots must be finite and ascend: (" + x[i] + ", " + y[i] + ")");
            }
        }
        if (!(slopeBelow >= 0 && slopeAbove >= 0) || Double.isInfinite(slopeBelow) || Double.isInfinite(slopeAbove)) {
            throw new IllegalArgumentException("slopes must be finite and not negative");
        }
        this.x = x.clone();
        this.y = y.clone();
        this.slopeBelow = slopeBelow;
        this.slopeAbove = slopeAbove;
    }

    /** The line through the origin with the given slope. */
    public static Curve line(double slope) {
        return new Curve(new double[] {0}, new double[] {0}, slope, slope);
    }

    /** The curve's value; NaN for NaN. */
    public double at(double v) {
        int last = x.length - 1;
        if (v >= x[last]) {
            return y[last] + slopeAbove * (v - x[last]);
        }
        if (v <= x[0]) {
            return y[0] + slopeBelow * (v - x[0]);
        }
        int low = 0;
        int high = last;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (x[middle] <= v) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return y[low] + (y[high] - y[low]) * ((v - x[low]) / (x[high] - x[low]));
    }

    /** What of this curve rises above a level: {@code max(0, at(v) - level)}. */
    Curve above(double level) {
        int last = x.length - 1;
        if (y[0] >= level) {
            return new Curve(x, Arrays.stream(y).map(value -> value - level).toArray(), 0, slopeAbove);
        }
        int low = last;
        while (y[low] > level) {
            low--;
        }
        double slope = low == last ? slopeAbove : (y[low + 1] - y[low]) / (x[low + 1] - x[low]);
        double start = slope == 0 ? Double.POSITIVE_INFINITY : x[low] + (level - y[low]) / slope;
        if (!Double.isFinite(start)) {
            return line(0);
        }
        int first = low;
        while (first < last && x[first + 1] <= start) {
            first++;
        }
        double[] xs = new double[last - first + 1];
        double[] ys = new double[xs.length];
        xs[0] = start;
        for (int i = 1; i < xs.length; i++) {
            xs[i] = x[first + i];
            ys[i] = y[first + i] - level;
        }
        return new Curve(xs, ys, 0, slopeAbove);
    }

    public double[] x() {
        return x.clone();
    }

    public double[] y() {
        return y.clone();
    }

    public double slopeBelow() {
        return slopeBelow;
    }

    public double slopeAbove() {
        return slopeAbove;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Curve that
                && Arrays.equals(x, that.x)
                && Arrays.equals(y, that.y)
                && slopeBelow == that.slopeBelow
                && slopeAbove == that.slopeAbove;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(x) * 31 + Arrays.hashCode(y);
    }
}
