package io.outrider.core.model;

import java.util.Arrays;

/**
 * A function of one float that is constant between thresholds, as trees are along one of their inputs: a value equal to
 * a threshold still lies below the step. Immutable.
 */
final class StepFunction {

    private final float[] thresholds; // strictly ascending
    private final double[] values; // values[i]: above i thresholds

    private StepFunction(float[] thresholds, double[] values) {
        this.thresholds = thresholds;
        this.values = values;
    }

    /**
     * What the trees say along one input while the others stay as the row has them: the row's individual conditional
     * expectation (Goldstein et al., "Peeking Inside the Black Box", 2015). Visits the leaves that are in reach of that
     * one input within (above, upTo], and holds there.
     */
    static StepFunction along(TreeEnsemble trees, int input, float[] row, float above, float upTo) {
        Builder builder = new Builder();
        builder.raise(Float.NEGATIVE_INFINITY, trees.base());
        for (int tree = 0; tree < trees.trees(); tree++) {
            Reach reach = new Reach(trees, input, row, builder);
            reach.visit(trees.root(tree), above, upTo);
        }
        return builder.build();
    }

    /** The value at a number that is not NaN. */
    double at(float x) {
        return values[stepsBelow(x)];
    }

    /** How many thresholds lie below a number. */
    int stepsBelow(float x) {
        return below(thresholds, x);
    }

    /** How many of some ascending numbers lie below one that is not NaN. */
    static int below(float[] thresholds, float x) {
        int low = 0;
        int high = thresholds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (x > thresholds[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int steps() {
        return thresholds.length;
    }

    float threshold(int step) {
        return thresholds[step];
    }

    /** The value above so many thresholds. */
    double value(int stepsBelow) {
        return values[stepsBelow];
    }

    /** The least value anywhere. */
    double least() {
        double least = values[0];
        for (double value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    /** Visits one tree's leaves in the order of the input, and tells the builder by how much each differs from the last. */
    private static final class Reach {
        private final TreeEnsemble trees;
        private final int input;
        private final float[] row;
        private final Builder into;
        private double last;
        private boolean isFirst = true;

        Reach(TreeEnsemble trees, int input, float[] row, Builder into) {
            this.trees = trees;
            this.input = input;
            this.row = row;
            this.into = into;
        }

        /** Visits what is under a node and in reach of values in (above, upTo]. */
        void visit(int from, float above, float upTo) {
            int node = from;
            float low = above;
            while (!trees.isLeaf(node)) {
                if (trees.feature(node) != input) {
                    node = trees.next(node, row);
                    continue;
                }
                float threshold = trees.threshold(node);
                int left = trees.left(node);
                if (threshold > low && threshold < upTo) {
                    visit(left, low, threshold);
                    low = threshold;
                }
                node = threshold < upTo ? left + 1 : left;
            }
            into.raise(isFirst ? Float.NEGATIVE_INFINITY : low, trees.value(node) - last);
            isFirst = false;
            last = trees.value(node);
        }
    }

    /** Collects steps in any order; those at one threshold add up. Belongs to one thread. */
    static final class Builder {
        private double lowest;
        private long[] order = new long[256]; // threshold in its sortable form, then the step's index
        private double[] deltas = new double[256];
        private int size;

        /** Raises the function above a threshold: everywhere above negative infinity, nowhere above positive. */
        void raise(float above, double by) {
            if (above == Float.NEGATIVE_INFINITY) {
                lowest += by;
                return;
            }
            if (above == Float.POSITIVE_INFINITY) {
                return;
            }
            if (size == deltas.length) {
                order = Arrays.copyOf(order, size * 2);
                deltas = Arrays.copyOf(deltas, size * 2);
            }
            int bits = Float.floatToIntBits(above + 0f); // negative zero is zero
            int sortable = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            order[size] = ((long) sortable << 32) | size;
            deltas[size++] = by;
        }

        StepFunction build() {
            Arrays.sort(order, 0, size);
            float[] thresholds = new float[size];
            double[] values = new double[size + 1];
            values[0] = lowest;
            int steps = 0;
            for (int i = 0; i < size; i++) {
                int sortable = (int) (order[i] >> 32);
                float threshold = Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
                double delta = deltas[(int) order[i]];
                if (steps > 0 && thresholds[steps - 1] == threshold) {
                    values[steps] += delta;
                } else {
                    thresholds[steps] = threshold;
                    values[steps + 1] = values[steps] + delta;
                    steps++;
                }
            }
            return new StepFunction(Arrays.copyOf(thresholds, steps), Arrays.copyOf(values, steps + 1));
        }
    }
}
