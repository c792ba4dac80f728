package io.outrider.core.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the smallest change to one feature that brings a vector's raw score below the threshold. Knows, for each feature
 * the model uses, up to {@value #CANDIDATES} values at which its parts bend or split, and half the spread of those as
 * the feature's scale, so that changes of different features compare. Immutable and shared.
 *
 * <p>From the feature's value outward, candidates are scored until one is below the threshold; between it and the one
 * before, bisection closes in. What is returned has been scored; a smaller change between two candidates that both fail
 * may be missed.
 */
final class SingleChange {

    private static final int CANDIDATES = 32;
    private static final int BISECTIONS = 24;

    private final FusedScore score;
    private final double[][] candidates;
    private final double[] scale;

    SingleChange(FusedScore score, int features) {
        this.score = score;
        this.candidates = new double[features][];
        this.scale = new double[features];
        for (int column = 0; column < features; column++) {
            double[] bends = Bends.of(score, column);
            candidates[column] = thinned(bends);
            int n = bends.length;
            double spread = n == 0 ? 0 : (bends[Math.min(n - 1, n * 3 / 4)] - bends[n / 4]) / 2;
            scale[column] = spread > 0 ? spread : 1;
        }
    }

    private static double[] thinned(double[] sorted) {
        if (sorted.length <= CANDIDATES) {
            return sorted;
        }
        double[] some = new double[CANDIDATES];
        for (int i = 0; i < CANDIDATES; i++) {
            some[i] = sorted[(int) ((long) i * (sorted.length - 1) / (CANDIDATES - 1))];
        }
        return some;
    }

    /** The change to one of the given features with the least distance in its scale, or null if none helps. */
    Model.@Nullable Change smallest(double[] vector, int[] columns, double threshold) {
        double[] changed = vector.clone();
        float[] scratch = FusedScore.scratch(vector.length);
        Model.Change best = null;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int column : columns) {
            double from = vector[column];
            if (Double.isNaN(from)) {
                continue;
            }
            for (int direction = -1; direction <= 1; direction += 2) {
                double to = search(new Search(changed, scratch, column, threshold), from, direction);
                double distance = Math.abs(to - from) / scale[column];
                if (distance < bestDistance) {
                    changed[column] = to;
                    best = new Model.Change(column, from, to, score.raw(changed, scratch));
                    bestDistance = distance;
                }
                changed[column] = from;
            }
        }
        return best;
    }

    /** One feature under change, the others as they were. */
    private final class Search {
        private final double[] vector;
        private final float[] scratch;
        private final int column;
        private final double threshold;

        Search(double[] vector, float[] scratch, int column, double threshold) {
            this.vector = vector;
            this.scratch = scratch;
            this.column = column;
            this.threshold = threshold;
        }

        boolean passes(double value) {
            vector[column] = value;
            return score.raw(vector, scratch) < threshold;
        }
    }

    /** The nearest value found that passes, or NaN. */
    private double search(Search search, double from, int direction) {
        double[] sorted = candidates[search.column];
        double failing = from;
        for (int i = 0; i < sorted.length; i++) {
            double candidate = direction > 0 ? sorted[i] : sorted[sorted.length - 1 - i];
            if ((candidate - failing) * direction <= 0) {
                continue;
            }
            if (search.passes(candidate)) {
                return closeIn(search, failing, candidate);
            }
            failing = candidate;
        }
        double beyond = failing + direction * 2 * scale[search.column]; // past the last split
        return search.passes(beyond) ? closeIn(search, failing, beyond) : Double.NaN;
    }

    private static double closeIn(Search search, double failing, double passing) {
        double bad = failing;
        double good = passing;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = bad + (good - bad) / 2;
            if (search.passes(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    /** Where the parts of a score split or bend along one feature. */
    private static final class Bends {

        private Bends() {}

        /** Distinct values, ascending. */
        static double[] of(FusedScore score, int column) {
            double[] found = new double[256];
            int size = 0;
            for (TreePart part : score.ensembles()) {
                TreeEnsemble trees = part.trees();
                for (int node = 0; node < trees.nodes(); node++) {
                    if (!trees.isLeaf(node) && part.columns()[trees.feature(node)] == column) {
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
}
