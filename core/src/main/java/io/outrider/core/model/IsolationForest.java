package io.outrider.core.model;

import io.outrider.core.pace.Pace;

/**
 * Grows isolation forests (Liu, Ting and Zhou, "Isolation Forest", ICDM 2008): each tree splits a small random subsample
 * at random until every row stands alone; rows that are alone after few splits are anomalous.
 *
 * <p>Subsamples are drawn without replacement; a split takes a random feature that still varies in the node and a
 * random value within its range; trees stop at height ceil(log2(sample size)), and a leaf that holds several rows counts
 * as the mean height of a tree over them. A missing value (NaN) says nothing: at every split it follows the larger side
 * (the left one when equal). Same data, settings and seed give the same forest, bit for bit, on every machine.
 *
 * <p>The ensemble's sum is {@code -E(h(x)) / c(psi)}, the base-2 logarithm of the paper's score: it is additive over the
 * trees, which attribution needs, and orders rows alike. {@link #score} gives the paper's score.
 */
public final class IsolationForest {

    private static final double EULER_GAMMA = 0.5772156649015329;

    private final FeatureMatrix data;
    private final int[] columns;
    private final ForestSettings settings;
    private final SplitMix random;
    private final int sampleSize;
    private final int heightLimit;
    private final int[] permutation;
    private int drawn;
    private final float[] sample;
    private final int[] rows;
    private final int[] candidates;
    private final TreeEnsembleBuilder builder;

    private IsolationForest(FeatureMatrix data, int[] columns, ForestSettings settings, long seed) {
        if (data.rows() == 0) {
            throw new IllegalArgumentException("no rows to fit a forest on");
        }
        this.data = data;
        this.columns = columns.clone();
        this.settings = settings;
        this.random = new SplitMix(seed);
        this.sampleSize = Math.min(settings.sampleSize(), data.rows());
        this.heightLimit = 32 - Integer.numberOfLeadingZeros(sampleSize - 1); // ceil(log2(sampleSize)), 0 for one row
        this.permutation = new int[data.rows()];
        for (int i = 0; i < permutation.length; i++) {
            permutation[i] = i;
        }
        this.sample = new float[sampleSize * columns.length];
        this.rows = new int[sampleSize];
        this.candidates = new int[columns.length];
        this.builder = new TreeEnsembleBuilder(columns.length);
    }

    /**
     * Fits a forest on some columns of the data; input {@code i} of the ensemble is column {@code columns[i]}. Costs
     * about trees x sample size x log2(sample size), whatever the number of rows.
     */
    public static TreeEnsemble fit(FeatureMatrix data, int[] columns, ForestSettings settings, long seed) {
        return fit(data, columns, settings, seed, Pace.FULL);
    }

    /** The same at a pace. */
    public static TreeEnsemble fit(FeatureMatrix data, int[] columns, ForestSettings settings, long seed, Pace pace) {
        return new IsolationForest(data, columns, settings, seed).grow(pace);
    }

    /** The paper's anomaly score, in (0, 1], of a forest's sum for a row; about 0.5 is ordinary. */
    public static double score(double logScore) {
        return StrictMath.pow(2, logScore);
    }

    /** Mean path length of an unsuccessful search among n rows in a binary search tree; normalises path lengths. */
    public static double averagePathLength(int n) {
        if (n <= 1) {
            return 0;
        }
        if (n == 2) {
            return 1;
        }
        return 2 * (StrictMath.log(n - 1.0) + EULER_GAMMA) - 2 * (n - 1.0) / n;
    }

    private TreeEnsemble grow(Pace pace) {
        for (int tree = 0; tree < settings.trees(); tree++) {
            drawSample();
            builder.endTree(grow(0, sampleSize, 0));
            pace.step();
        }
        return builder.build(0);
    }

    /**
     * The next rows of a Fisher-Yates shuffle that goes on from tree to tree, so that every row is drawn before any is
     * drawn again; a new shuffle where too few are left.
     */
    private void drawSample() {
        int width = columns.length;
        drawn = drawn + sampleSize > permutation.length ? 0 : drawn;
        for (int i = 0; i < sampleSize; i++, drawn++) {
            int other = drawn + random.nextInt(permutation.length - drawn);
            int row = permutation[other];
            permutation[other] = permutation[drawn];
            permutation[drawn] = row;
            rows[i] = i;
            for (int c = 0; c < width; c++) {
                sample[i * width + c] = finite((float) data.value(row, columns[c]));
            }
        }
    }

    private static float finite(float value) {
        return Float.isInfinite(value) ? Math.copySign(Float.MAX_VALUE, value) : value;
    }

    /** Grows the subtree over {@code rows[from..to)} and returns its id. */
    private int grow(int from, int to, int height) {
        int count = to - from;
        if (count <= 1 || height >= heightLimit) {
            return leaf(count, height);
        }
        for (int i = 0; i < candidates.length; i++) {
            candidates[i] = i;
        }
        for (int left = candidates.length; left > 0; left--) {
            int pick = random.nextInt(left);
            int column = candidates[pick];
            candidates[pick] = candidates[left - 1];
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                float v = sample[rows[i] * columns.length + column];
                low = v < low ? v : low; // false for NaN
                high = v > high ? v : high;
            }
            if (low < high) {
                return split(from, to, height, splitOf(column, low, high));
            }
        }
        return leaf(count, height);
    }

    private record Split(int column, float threshold) {}

    /** A uniform threshold in [low, high), so that both sides get a row. */
    private Split splitOf(int column, double low, double high) {
        float threshold = (float) (low + random.nextDouble() * (high - low));
        if (threshold >= high) {
            threshold = Math.nextDown((float) high);
        }
        return new Split(column, threshold);
    }

    private int split(int from, int to, int height, Split split) {
        int below = 0;
        int above = 0;
        for (int i = from; i < to; i++) {
            float v = sample[rows[i] * columns.length + split.column];
            below += v <= split.threshold ? 1 : 0;
            above += v > split.threshold ? 1 : 0;
        }
        boolean missingLeft = below >= above;
        int middle = from;
        for (int i = from; i < to; i++) {
            float v = sample[rows[i] * columns.length + split.column];
            if (v <= split.threshold || (Float.isNaN(v) && missingLeft)) {
                int row = rows[i];
                rows[i] = rows[middle];
                rows[middle++] = row;
            }
        }
        int left = grow(from, middle, height + 1);
        int right = grow(middle, to, height + 1);
        return builder.split(split.column, split.threshold, missingLeft, left, right);
    }

    private int leaf(int count, int height) {
        double normal = sampleSize > 1 ? averagePathLength(sampleSize) : 1;
        double path = height + averagePathLength(count);
        return builder.leaf((float) (-path / (normal * settings.trees())), count);
    }
}
