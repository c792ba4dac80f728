package io.outrider.core.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.setting.Setting;

/**
 * How many alerts a model is expected to raise on so many transactions. The model's own calibration says which share of
 * ordinary traffic reaches its threshold; real traffic may hold more anomalies or fewer, so the expected share is taken to lie
 * anywhere between it divided and multiplied by a tolerance, and the number to scatter around that as a Poisson one does, but
 * wider, since alerts come in episodes.
 *
 * @param share of transactions that are expected to alert
 * @param low fewest alerts that are still as predicted
 * @param high most alerts that are still as predicted
 */
public record PredictedAlerts(double share, long low, long high) {

    /** Deviations of a normal one-in-ten-thousand event: with a look every few seconds, rarer than a false alarm a week. */
    private static final double DEVIATIONS = 3.72;

    /** Variance of the number of alerts over its mean. */
    private static final double CLUSTERING = 3;

    /**
     * How prediction goes.
     *
     * @param path of its settings, of which {@code tolerance} is one
     * @param tolerance how many times more or fewer alerts are still as predicted, at least 1
     * @param maxShare the largest share of alerts that a model may predict of itself, in (0, 1]: one whose threshold lies below
     *     everything would predict all
     */
    public record Rule(String path, double tolerance, double maxShare) {

        public Rule {
            Setting.require(tolerance >= 1, path + ".tolerance", "must be at least 1: " + tolerance);
            Setting.require(
                    maxShare > 0 && maxShare <= 1,
                    "outrider.rollout.max-alert-share",
                    "must be in (0, 1]: " + maxShare);
        }

        /** For a model on so many transactions. */
        public PredictedAlerts of(ModelManifest model, long events) {
            double share = Math.min(maxShare, 1 - model.threshold());
            double least = events * share / tolerance;
            double most = events * Math.min(1, share * tolerance);
            return new PredictedAlerts(
                    share, (long) Math.max(0, Math.floor(least - DEVIATIONS * Math.sqrt(CLUSTERING * least))), (long)
                            Math.ceil(most + DEVIATIONS * Math.sqrt(CLUSTERING * most) + DEVIATIONS));
        }
    }

    /** Whether a number of alerts is as predicted. */
    public boolean holds(long alerts) {
        return alerts >= low && alerts <= high;
    }
}
