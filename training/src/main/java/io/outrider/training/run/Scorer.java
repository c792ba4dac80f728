package io.outrider.training.run;

import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;

/**
 * One of what is compared on the test slice.
 *
 * @param name as in metrics: {@code model}, {@code robust_z}
 * @param threshold from which on a row alerts; infinite for what has none
 */
record Scorer(String name, double threshold, Of of) {

    /** The score of a vector; higher is more anomalous, not NaN. */
    @FunctionalInterface
    interface Of {
        double score(double[] vector);
    }

    static Scorer of(String name, Model model) {
        float[] scratch = FusedScore.scratch(model.features());
        return new Scorer(name, model.manifest().policy().rawThreshold(), vector -> model.raw(vector, scratch));
    }

    static Scorer of(String name, FusedScore score, int width) {
        float[] scratch = FusedScore.scratch(width);
        return new Scorer(name, Double.POSITIVE_INFINITY, vector -> score.raw(vector, scratch));
    }

    /** A feature's own value; what is missing comes last. */
    static Scorer of(String name, int column) {
        return new Scorer(
                name,
                Double.POSITIVE_INFINITY,
                vector -> Double.isNaN(vector[column]) ? -Double.MAX_VALUE : vector[column]);
    }
}
