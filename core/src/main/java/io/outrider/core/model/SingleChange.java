package io.outrider.core.model;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the smallest change to one feature that brings a vector's score below the threshold. The raw score along a feature
 * is known piece by piece ({@link ScoreLine}), so the nearest value on either side is found, up to rounding, wherever the
 * parts bend or split and up to twice the feature's scale beyond. Scale is half the spread of the values at which they
 * do, and changes of different features compare in units of it. A feature that is 1 or 0 can only become the other, and
 * one that counts another whole number. What is returned has been scored. Immutable and shared.
 */
final class SingleChange {

    private static final int BISECTIONS = 40;

    /** Against the way there is, so that near 0, where doubles are dense, it takes no more doublings than elsewhere. */
    private static final double LEAST_STEP = 0x1p-60;

    /** How many whole numbers are tried: one is nearly always enough, for only a dip between two of them hides none. */
    private static final int MOST_WHOLE = 16;

    private final FusedScore score;
    private final double[] scale;
    private final boolean[] matters; // whether the score depends on a feature at all

    SingleChange(FusedScore score, int features) {
        this.score = score;
        this.scale = new double[features];
        this.matters = new boolean[features];
        for (int column = 0; column < features; column++) {
            double[] bends = bends(score, column);
            int n = bends.length;
            matters[column] = n > 0;
            double spread = n == 0 ? 0 : (bends[Math.min(n - 1, n * 3 / 4)] - bends[n / 4]) / 2;
            scale[column] = spread > 0 ? spread : 1;
        }
    }

    /** The change to one of the given features with the least distance in its scale, or null if none helps. */
    Model.@Nullable Change smallest(double[] vector, int[] columns, IntFunction<Values> values, Limit limit) {
        Model.Change best = null;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int column : columns) {
            if (!matters[column] || Double.isNaN(vector[column])) {
                continue;
            }
            Search search = new Search(vector, column, limit, bestDistance * scale[column]);
            for (int direction = -1; direction <= 1; direction += 2) {
                double within = bestDistance * scale[column];
                double to = search.nearest(values.apply(column), direction, within);
                double distance = Math.abs(to - vector[column]) / scale[column];
                if (distance < bestDistance) {
                    best = new Model.Change(column, vector[column], to, search.scored(to));
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    /** One feature under change, the others as they are. */
    private final class Search {
        private final double[] changed;
        private final float[] scratch;
        private final int column;
        private final double from;
        private final Limit limit;
        private final ScoreLine line;

        Search(double[] vector, int column, Limit limit, double within) {
            this.changed = vector.clone();
            this.scratch = FusedScore.scratch(vector.length);
            this.column = column;
            this.from = vector[column];
            this.limit = limit;
            this.line = ScoreLine.of(score, vector, column, within);
        }

        double scored(double value) {
            changed[column] = value;
            return score.raw(changed, scratch);
        }

        private boolean isBelow(double value) {
            return limit.isAbove(scored(value));
        }

        /** The other of 0 and 1, if it is on this side and passes, or NaN. */
        double other(int direction) {
            double other = from == 0 ? 1 : 0;
            return Math.signum(other - from) == direction && isBelow(other) ? other : Double.NaN;
        }

        /** The nearest of the values there can be that passes, on one side and at most so far away, or NaN. */
        double nearest(Values values, int direction, double within) {
            if (values.yesOrNo()) {
                return other(direction);
            }
            double to = nearest(from, direction, within);
            if (!values.whole()) {
                return to >= values.least() ? to : Double.NaN;
            }
            for (int i = 0; i < MOST_WHOLE && !Double.isNaN(to); i++) {
                double whole = Math.max(values.least(), direction > 0 ? Math.ceil(to) : Math.floor(to));
                if (Math.signum(whole - from) != direction) {
                    return Double.NaN;
                }
                if (isBelow(whole)) {
                    return whole;
                }
                to = nearest(whole, direction, within);
            }
            return Double.NaN;
        }

        /** The nearest value behind {@code start} that passes, on one side and at most so far from where it was, or NaN. */
        private double nearest(double start, int direction, double within) {
            double end = from + direction * within;
            double failing = start;
            for (double place : line.places(start, direction, limit.raw())) {
                double next = Math.abs(place - from) < within ? place : end;
                if (passes(next)) {
                    return closeIn(failing, next);
                }
                if (next == end) {
                    return Double.NaN;
                }
                failing = next;
            }
            double beyond = failing + direction * 2 * scale[column]; // past the last place it may go on falling
            double last = Math.abs(beyond - from) < within ? beyond : end;
            return passes(last) ? closeIn(failing, last) : Double.NaN;
        }

        private boolean passes(double value) {
            return line.at(value) < limit.raw() && isBelow(value);
        }

        /** Where the line crosses the threshold, between a value that fails and one that passes. */
        private double closeIn(double failing, double passing) {
            double bad = failing;
            double good = passing;
            boolean isStep = Math.abs((float) passing - (float) failing) <= Math.ulp((float) failing);
            for (int i = 0; i < BISECTIONS && !isStep; i++) {
                double middle = bad + (good - bad) / 2;
                if (line.at(middle) < limit.raw()) {
                    good = middle;
                } else {
                    bad = middle;
                }
            }
            return firstBelow(good, passing);
        }

        /** From a value that passes but for rounding, the next one that does pass, toward one that is known to. */
        private double firstBelow(double start, double passing) {
            double value = start;
            double step = Math.max(Math.ulp(value), Math.abs(passing - value) * LEAST_STEP);
            while (!isBelow(value)) {
                double next = passing > value ? value + step : value - step;
                if (passing > value ? next >= passing : next <= passing) {
                    return passing;
                }
                value = next;
                step *= 2;
            }
            return value;
        }
    }

    /** Where the parts of a score split or bend along one feature: distinct values, ascending. */
    private static double[] bends(FusedScore score, int column) {
        double[] found = new double[256];
        int size = 0;
        for (TreePart part : score.ensembles()) {
            TreeEnsemble trees = part.trees();
            int input = part.inputOf(column);
            for (int node = 0; node < trees.nodes() && input >= 0; node++) {
                if (!trees.isLeaf(node) && trees.feature(node) == input) {
                    if (size == found.length) {
                        found = Arrays.copyOf(found, size * 2);
                    }
                    found[size++] = trees.threshold(node);
                }
            }
        }
        for (Evidence piece : score.evidence()) {
            if (piece.column() == column) {
                double[] knots = piece.curve().x();
                found = Arrays.copyOf(found, Math.max(found.length, size + knots.length));
                for (double knot : knots) {
                    found[size++] = piece.lower() ? -knot : knot;
                }
            }
        }
        return Arrays.stream(found, 0, size).sorted().distinct().toArray();
    }
}
