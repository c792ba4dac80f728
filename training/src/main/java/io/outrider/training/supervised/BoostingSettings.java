package io.outrider.training.supervised;

/**
 * How a boosted ensemble is grown.
 *
 * @param trees number of trees, 1 to 10,000
 * @param learningRate share of each tree's step that is taken, above 0 to 1
 * @param leaves most leaves a tree may have, 2 to 1,024
 * @param minRows fewest sampled rows in a leaf, at least 1
 * @param rowShare share of the rows each tree sees, above 0 to 1
 * @param columnShare share of the columns each tree sees, above 0 to 1
 * @param l2 added to a leaf's hessian: holds small leaves near 0, at least 0
 */
public record BoostingSettings(
        int trees, double learningRate, int leaves, int minRows, double rowShare, double columnShare, double l2) {

    public BoostingSettings {
        requireWithin("trees", trees, 1, 10_000);
        requireWithin("learning-rate", learningRate, 1e-6, 1);
        requireWithin("leaves", leaves, 2, 1024);
        requireWithin("min-rows", minRows, 1, Integer.MAX_VALUE);
        requireWithin("row-share", rowShare, 1e-6, 1);
        requireWithin("column-share", columnShare, 1e-6, 1);
        requireWithin("l2", l2, 0, 1e12);
    }

    private static void requireWithin(String key, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(
                    "outrider.training.boosting." + key + " must be " + low + " to " + high + ": " + value);
        }
    }
}
