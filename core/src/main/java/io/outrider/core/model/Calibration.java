package io.outrider.core.model;

/**
 * From a raw score to a calibrated one: the share of held-back, ordinary traffic that scores lower, in [0, 1].
 *
 * <p>Kept as the surprise -ln(1 - share) of the raw score, with knots evenly spaced in it, so that the tail, where
 * decisions fall, is as finely resolved as the middle; beyond the highest score held back it goes on as an exponential
 * tail, so that of two scores never seen the higher raw one has more surprise. Its calibrated score is the higher one too, as
 * far as a double this near to 1 can tell the two apart: ever less of a difference remains, and none from some 37 nats on,
 * where the calibrated score is 1 itself. Never falls; equal raw scores are equal calibrated. Immutable.
 *
 * @param surprise raw score to -ln(1 - share), in nats
 */
public record Calibration(Curve surprise) {

    /** Calibrates on raw scores of rows that the model was not fitted on. */
    public static Calibration fit(double[] rawScores) {
        if (rawScores.length == 0) {
            throw new IllegalArgumentException("no scores to calibrate on");
        }
        return new Calibration(UpperTail.fit(rawScores, 1));
    }

    /** The calibrated score, in [0, 1]. */
    public double score(double raw) {
        return -StrictMath.expm1(-Math.max(0, surprise.at(raw)));
    }
}
