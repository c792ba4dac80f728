package io.outrider.core.review;

/**
 * A share estimated from a sample, with its 95 % interval (Wilson, JASA 22, 1927), which is of use for few observations and for
 * shares near 0 and 1, too.
 *
 * @param value hits / trials; NaN without trials, when the interval is [0, 1]
 */
public record Share(double value, double low, double high) {

    /** The standard normal's 97.5 % point. */
    private static final double Z = 1.959963984540054;

    /** The share of hits among trials. */
    public static Share of(long hits, long trials) {
        if (trials == 0) {
            return new Share(Double.NaN, 0, 1);
        }
        double n = trials;
        double p = hits / n;
        double denominator = 1 + Z * Z / n;
        double centre = (p + Z * Z / (2 * n)) / denominator;
        double half = Z / denominator * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new Share(
                p, hits == 0 ? 0 : Math.max(0, centre - half), hits == trials ? 1 : Math.min(1, centre + half));
    }
}
