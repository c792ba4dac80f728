package io.outrider.core.model;

/**
 * Size of an isolation forest.
 *
 * @param trees number of trees, 1 to 10,000
 * @param sampleSize rows each tree is grown from, 2 to 65,536; fewer where there are fewer
 */
public record ForestSettings(int trees, int sampleSize) {

    public static final int MOST_TREES = 10_000;
    public static final int LARGEST_SAMPLE = 65_536;

    /** What Liu, Ting and Zhou found to be enough for small data. */
    public static final ForestSettings SMALL = new ForestSettings(100, 256);

    public ForestSettings {
        if (trees < 1 || trees > MOST_TREES) {
            throw new IllegalArgumentException("outrider.model.forest.trees must be 1 to 10000: " + trees);
        }
        if (sampleSize < 2 || sampleSize > LARGEST_SAMPLE) {
            throw new IllegalArgumentException("outrider.model.forest.sample-size must be 2 to 65536: " + sampleSize);
        }
    }
}
