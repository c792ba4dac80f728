package io.outrider.ingestion.simulator;

/**
 * SplitMix64 (Steele, Lea, Flood: <i>Fast splittable pseudorandom number generators</i>, 2014), written out because the
 * JDK's generators may change their derived draws between releases, and a seed must mean the same bytes for ever. For
 * one thread.
 */
final class SimulatorRandom {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    private SimulatorRandom(long state) {
        this.state = state;
    }

    /** The generator for one thing (an account, a slice …): independent of those of other things. */
    static SimulatorRandom of(long seed, long... thing) {
        long state = mix(seed + GOLDEN_GAMMA);
        for (long part : thing) {
            state = mix(state ^ mix(part + GOLDEN_GAMMA)) + GOLDEN_GAMMA;
        }
        return new SimulatorRandom(state);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double nextDouble() {
        return (nextLong() >>> 11) * UNIT;
    }

    double between(double from, double to) {
        return from + nextDouble() * (to - from);
    }

    /** Uniform in [0, bound). */
    int nextInt(int bound) {
        return (int) (nextDouble() * bound);
    }

    boolean chance(double probability) {
        return nextDouble() < probability;
    }

    /** Standard normal, by Box and Muller. */
    double gaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }

    double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * gaussian());
    }

    /** Poisson by multiplication (Knuth); the mean should be below a few hundred. */
    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        double product = nextDouble();
        int n = 0;
        while (product > limit) {
            product *= nextDouble();
            n++;
        }
        return n;
    }

    /** An index with the weight of a long tail: smaller ones far more often. */
    int skewed(int bound) {
        double u = nextDouble();
        return (int) (bound * u * u * u);
    }
}
