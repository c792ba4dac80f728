package io.outrider.core.rollout;

/**
 * Bins of calibrated scores that every model and node shares, so that counts can be summed: by surprise, -ln(1 - score), an
 * eighth of a nat wide up to a score of 0.95 and a nat wide beyond, where few transactions lie and decisions fall.
 */
public final class ScoreBins {

    /** How many there are. */
    public static final int COUNT = 32;

    private static final int FINE = 24;
    private static final double FINE_END = 3;

    private ScoreBins() {}

    /** The bin of a surprise in nats. */
    static int of(double surprise) {
        if (!(surprise > 0)) {
            return 0;
        }
        double bin = surprise < FINE_END ? surprise * (FINE / FINE_END) : FINE + (surprise - FINE_END);
        return (int) Math.min(COUNT - 1, bin);
    }

    /** The calibrated score at which a bin begins. */
    public static double from(int bin) {
        double surprise = bin < FINE ? bin * FINE_END / FINE : FINE_END + (bin - FINE);
        return -StrictMath.expm1(-surprise);
    }
}
