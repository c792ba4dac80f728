package io.outrider.training.backtest;

/** Student's t distribution: how many standard deviations a day to come may lie off, where they were estimated from few days. */
final class StudentT {

    /** The quantile of the normal distribution, at 0.975. */
    private static final double NORMAL = 1.959964;

    /**
     * Quantiles at 0.975 for 1 to 30 degrees of freedom, from the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
     */
    private static final double[] QUANTILES = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private StudentT() {}

    /**
     * The quantile at 0.975, so that 95% lie within plus and minus it; beyond the table by the first terms of Abramowitz and
     * Stegun, Handbook of Mathematical Functions, 26.7.5.
     *
     * @param degrees of freedom, at least 1
     */
    static double quantile975(int degrees) {
        if (degrees <= QUANTILES.length) {
            return QUANTILES[degrees - 1];
        }
        double x = NORMAL;
        double first = (Math.pow(x, 3) + x) / 4;
        double second = (5 * Math.pow(x, 5) + 16 * Math.pow(x, 3) + 3 * x) / 96;
        return x + first / degrees + second / ((double) degrees * degrees);
    }
}
