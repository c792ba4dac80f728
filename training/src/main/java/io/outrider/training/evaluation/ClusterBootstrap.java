package io.outrider.training.evaluation;

import io.outrider.core.model.SplitMix;
import io.outrider.core.pace.Pace;
import java.util.Arrays;

/**
 * Confidence intervals of metrics by the bootstrap over whole clusters (accounts), since an account's transactions are no
 * independent witnesses (Cameron, Gelbach and Miller, "Bootstrap-based improvements for inference with clustered errors", 2008).
 * In each replicate a cluster counts Poisson(1) times, the same for all rankings, so that they can be compared pair by pair. The
 * same seed gives the same intervals.
 */
public final class ClusterBootstrap {

    private static final double TAIL = 0.025;

    private final int clusters;
    private final int replicates;
    private final long seed;

    /**
     * A 95% interval; both ends NaN where nothing can be said.
     *
     * @param low 2.5% of the replicates lie below
     * @param high 2.5% lie above
     */
    public record Interval(double low, double high) {}

    /**
     * For rankings of the same rows.
     *
     * @param clusters how many there are
     * @param replicates at least 20
     */
    public ClusterBootstrap(int clusters, int replicates, long seed) {
        if (replicates < 20) {
            throw new IllegalArgumentException("at least 20 replicates are needed: " + replicates);
        }
        this.clusters = clusters;
        this.replicates = replicates;
        this.seed = seed;
    }

    /** Metrics of each ranking in each replicate: by ranking, metric (in the order of their names), replicate. */
    public double[][][] replicates(Pace pace, WeightedRanking... rankings) {
        double[][][] values = new double[rankings.length][RankingMetrics.NAMES.size()][replicates];
        int[] weights = new int[clusters];
        SplitMix random = new SplitMix(seed);
        for (int replicate = 0; replicate < replicates; replicate++) {
            for (int cluster = 0; cluster < clusters; cluster++) {
                weights[cluster] = poisson(random.nextDouble());
            }
            for (int ranking = 0; ranking < rankings.length; ranking++) {
                double[] metrics = rankings[ranking].metrics(weights).values();
                for (int metric = 0; metric < metrics.length; metric++) {
                    values[ranking][metric][replicate] = metrics[metric];
                }
                pace.step();
            }
        }
        return values;
    }

    /** The interval of replicated values; replicates where the metric was undefined are left out. */
    public static Interval interval(double[] replicated) {
        double[] sorted =
                Arrays.stream(replicated).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return new Interval(Double.NaN, Double.NaN);
        }
        int skipped = (int) (TAIL * sorted.length);
        return new Interval(sorted[skipped], sorted[sorted.length - 1 - skipped]);
    }

    /** The interval of how much the first exceeds the second, replicate by replicate. */
    public static Interval difference(double[] first, double[] second) {
        double[] differences = new double[first.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = first[i] - second[i];
        }
        return interval(differences);
    }

    /** The value of a Poisson variable of mean 1 at a uniform draw. */
    private static int poisson(double uniform) {
        double term = 0.36787944117144233; // exp(-1)
        double sum = term;
        int value = 0;
        while (uniform >= sum && value < 20) {
            value++;
            term /= value;
            sum += term;
        }
        return value;
    }
}
