package io.outrider.core.model;

import io.outrider.core.pace.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model's input and output looked like on rows that it was not fitted on: what drift is measured against.
 *
 * @param version of what stands here, {@value #VERSION}
 * @param rows how many rows were counted
 * @param score histogram of the raw score, before calibration
 * @param features histograms of the plan's features, in its order
 */
public record Reference(int version, long rows, Histogram score, List<Histogram> features) {

    public static final int VERSION = 1;

    /** Name of the score's histogram. */
    public static final String SCORE = "raw_score";

    /** Rows, evenly spread, that are counted; more would cost time and change little. */
    private static final int MOST_ROWS = 50_000;

    public Reference {
        features = List.copyOf(features);
    }

    /**
     * Of rows with their raw scores.
     *
     * @param names the columns'
     */
    public static Reference of(List<String> names, FeatureMatrix rows, double[] rawScores) {
        return of(names, rows, rawScores, Pace.FULL);
    }

    /** The same at a pace. */
    public static Reference of(List<String> names, FeatureMatrix rows, double[] rawScores, Pace pace) {
        if (rawScores.length != rows.rows() || names.size() != rows.width()) {
            throw new IllegalArgumentException(rawScores.length + " scores and " + names.size() + " names for "
                    + rows.rows() + " rows of " + rows.width());
        }
        int every = Math.max(1, (rows.rows() + MOST_ROWS - 1) / MOST_ROWS);
        int count = (rows.rows() + every - 1) / every;
        List<Histogram> features = new ArrayList<>();
        double[] values = new double[count];
        for (int column = 0; column < names.size(); column++) {
            for (int i = 0; i < count; i++) {
                values[i] = rows.value(i * every, column);
            }
            features.add(Histogram.of(names.get(column), values));
            pace.step();
        }
        for (int i = 0; i < count; i++) {
            values[i] = rawScores[i * every];
        }
        return new Reference(VERSION, count, Histogram.of(SCORE, values), features);
    }
}
