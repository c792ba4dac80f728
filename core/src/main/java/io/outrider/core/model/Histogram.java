package io.outrider.core.model;

import java.util.Arrays;

/**
 * How many values of a sample lie in which stretch. Bin {@code i} holds the values from {@code edges[i - 1]} (included) to
 * {@code edges[i]} (excluded); the first has no lower end and the last no upper one, so a later sample always fits in.
 *
 * @param name the feature, or {@value Reference#SCORE}
 * @param edges ascending, all different, finite; none where the sample is constant
 * @param counts one more than edges
 * @param missing values that were not known (NaN); in no bin
 */
public record Histogram(String name, double[] edges, long[] counts, long missing) {

    /** Most bins that {@link #of} makes. */
    static final int BINS = 20;

    public Histogram {
        if (counts.length != edges.length + 1) {
            throw new IllegalArgumentException(
                    "histogram " + name + ": " + counts.length + " counts for " + edges.length + " edges");
        }
        for (int i = 0; i < edges.length; i++) {
            if (!Double.isFinite(edges[i]) || (i > 0 && edges[i] <= edges[i - 1])) {
                throw new IllegalArgumentException(
                        "histogram " + name + ": edges must ascend, and edge " + i + " is " + edges[i]);
            }
        }
        if (missing < 0 || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("histogram " + name + ": a count is negative");
        }
    }

    /**
     * The histogram of a sample, in bins of about equally many values; where only a few values occur, each has its own bin.
     */
    public static Histogram of(String name, double[] sample) {
        double[] sorted = UpperTail.sorted(sample);
        double[] edges = edges(sorted);
        Histogram empty = new Histogram(name, edges, new long[edges.length + 1], sample.length - sorted.length);
        for (double value : sorted) {
            empty.counts[empty.bin(value)]++;
        }
        return empty;
    }

    /** Which bin a value belongs in; it must not be NaN. */
    public int bin(double value) {
        int at = Arrays.binarySearch(edges, value + 0.0); // -0.0 is 0.0
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** How many values there are, the missing ones left out. */
    public long present() {
        return Arrays.stream(counts).sum();
    }

    private static double[] edges(double[] sorted) {
        double[] later = new double[BINS - 1]; // values but the lowest, where they are few
        int different = 0;
        for (int i = 1; i < sorted.length && different < BINS; i++) {
            if (sorted[i] != sorted[i - 1]) { // -0.0 is 0.0
                if (different < later.length) {
                    later[different] = sorted[i] + 0.0;
                }
                different++;
            }
        }
        if (different < BINS) {
            return Arrays.copyOf(later, different);
        }
        double[] edges = new double[BINS - 1];
        int size = 0;
        for (int i = 1; i < BINS; i++) {
            double edge = sorted[(int) ((long) sorted.length * i / BINS)] + 0.0;
            if (edge > sorted[0] && (size == 0 || edge > edges[size - 1])) {
                edges[size++] = edge;
            }
        }
        return Arrays.copyOf(edges, size);
    }
}
