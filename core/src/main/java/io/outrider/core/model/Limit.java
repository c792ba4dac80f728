package io.outrider.core.model;

/**
 * What a raw score has to stay below to be ordinary, as it is decided and as it is published: below the threshold, and its
 * calibrated score below the threshold's. The two differ where the calibration is flat, and close to 1, where calibrated
 * scores are further apart than raw ones: of a raw score just below the threshold the very score may be published that
 * is told to be anomalous. Immutable.
 *
 * @param raw the least raw score up to the threshold that is published as the threshold is; -infinity if all are
 * @param published the calibrated score of the threshold
 */
record Limit(double raw, double published, Calibration calibration) {

    /** The limit of a raw threshold; takes some hundred calibrations at most, or two thousand where all are alike. */
    static Limit of(double threshold, Calibration calibration) {
        double published = calibration.score(threshold);
        double at = threshold;
        double step = Math.ulp(threshold);
        double below = at - step;
        while (!(calibration.score(below) < published)) {
            if (!(below > Double.NEGATIVE_INFINITY)) {
                return new Limit(Double.NEGATIVE_INFINITY, published, calibration);
            }
            at = below;
            step *= 2;
            below = at - step;
        }
        for (double middle = middle(below, at); below < middle && middle < at; middle = middle(below, at)) {
            if (calibration.score(middle) < published) {
                below = middle;
            } else {
                at = middle;
            }
        }
        return new Limit(at, published, calibration);
    }

    private static double middle(double below, double at) {
        return below + (at - below) / 2;
    }

    /** Whether a raw score is below it; asks the calibration too, whose rounding need not be the same all the way down. */
    boolean isAbove(double score) {
        return score < raw && calibration.score(score) < published;
    }
}
