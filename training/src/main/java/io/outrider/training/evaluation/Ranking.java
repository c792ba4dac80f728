package io.outrider.training.evaluation;

import java.util.Arrays;

/**
 * Scores with their labels, ranked: what every threshold would find. Rows of equal score stand or fall together.
 * Immutable.
 */
public final class Ranking {

    private final double[] thresholds;
    private final int[] hits;
    private final int[] alarms;

    private Ranking(double[] thresholds, int[] hits, int[] alarms) {
        this.thresholds = thresholds;
        this.hits = hits;
        this.alarms = alarms;
    }

    /**
     * Ranks scores.
     *
     * @param scores higher is more anomalous; finite
     * @param anomalous the label of each
     */
    public static Ranking of(double[] scores, boolean[] anomalous) {
        if (scores.length == 0 || scores.length != anomalous.length) {
            throw new IllegalArgumentException(scores.length + " scores with " + anomalous.length + " labels");
        }
        double[] positives = sortedOf(scores, anomalous, true);
        double[] negatives = sortedOf(scores, anomalous, false);
        double[] thresholds = new double[scores.length];
        int[] hits = new int[scores.length];
        int[] alarms = new int[scores.length];
        int size = 0;
        int p = positives.length;
        int n = negatives.length;
        while (p > 0 || n > 0) {
            double at = Math.max(
                    p > 0 ? positives[p - 1] : Double.NEGATIVE_INFINITY,
                    n > 0 ? negatives[n - 1] : Double.NEGATIVE_INFINITY);
            while (p > 0 && positives[p - 1] == at) {
                p--;
            }
            while (n > 0 && negatives[n - 1] == at) {
                n--;
            }
            thresholds[size] = at;
            hits[size] = positives.length - p;
            alarms[size++] = negatives.length - n;
        }
        return new Ranking(Arrays.copyOf(thresholds, size), Arrays.copyOf(hits, size), Arrays.copyOf(alarms, size));
    }

    private static double[] sortedOf(double[] scores, boolean[] anomalous, boolean label) {
        double[] some = new double[scores.length];
        int size = 0;
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("score " + scores[i] + " of row " + i);
            }
            if (anomalous[i] == label) {
                some[size++] = scores[i] + 0.0; // -0.0 and 0.0 are one score
            }
        }
        double[] sorted = Arrays.copyOf(some, size);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Number of different scores. */
    public int size() {
        return thresholds.length;
    }

    /** The {@code i}-th highest score. */
    public double threshold(int i) {
        return thresholds[i];
    }

    /** Anomalies scored at or above the {@code i}-th highest score. */
    public int hits(int i) {
        return hits[i];
    }

    /** Ordinary rows scored at or above the {@code i}-th highest score. */
    public int falseAlarms(int i) {
        return alarms[i];
    }

    public int anomalies() {
        return hits[hits.length - 1];
    }

    public int ordinary() {
        return alarms[alarms.length - 1];
    }

    /**
     * Area under the ROC curve: the chance that an anomaly outscores an ordinary row, equal scores counting half. NaN
     * without rows of both kinds.
     */
    public double auc() {
        double area = 0;
        double lastHits = 0;
        double lastAlarms = 0;
        for (int i = 0; i < size(); i++) {
            area += (alarms[i] - lastAlarms) * (hits[i] + lastHits) / 2;
            lastHits = hits[i];
            lastAlarms = alarms[i];
        }
        return area / ((double) anomalies() * ordinary());
    }

    /**
     * Average precision: the precision at each score, weighted by the recall gained there, without interpolation (as
     * scikit-learn defines it). NaN without anomalies.
     */
    public double averagePrecision() {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < size(); i++) {
            sum += (hits[i] - last) * (hits[i] / (double) (hits[i] + alarms[i]));
            last = hits[i];
        }
        return sum / anomalies();
    }

    /** The best F1 that any threshold gives; 0 without anomalies. */
    public double bestF1() {
        double best = 0;
        for (int i = 0; i < size(); i++) {
            best = Math.max(best, 2.0 * hits[i] / (hits[i] + alarms[i] + anomalies()));
        }
        return best;
    }

    /** What a threshold finds: everything scored at or above it alerts. */
    public AtThreshold at(double threshold) {
        int found = 0;
        int wrong = 0;
        for (int i = 0; i < size() && thresholds[i] >= threshold; i++) {
            found = hits[i];
            wrong = alarms[i];
        }
        int alerts = found + wrong;
        double precision = alerts == 0 ? 0 : found / (double) alerts;
        double recall = anomalies() == 0 ? 0 : found / (double) anomalies();
        double f1 = 2.0 * found / Math.max(1, alerts + anomalies());
        return new AtThreshold(precision, recall, f1, alerts / (double) (anomalies() + ordinary()));
    }

    /**
     * The lowest score at which no more than a share of all rows alerts; positive infinity if the highest score is
     * already shared by more.
     */
    public double thresholdForRate(double share) {
        double most = share * (anomalies() + ordinary());
        double threshold = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size() && hits[i] + alarms[i] <= most; i++) {
            threshold = thresholds[i];
        }
        return threshold;
    }

    /**
     * What a threshold finds.
     *
     * @param precision share of the alerts that are anomalies, 0 without alerts
     * @param recall share of the anomalies that alert, 0 without anomalies
     * @param f1 harmonic mean of the two
     * @param alertRate share of all rows that alert
     */
    public record AtThreshold(double precision, double recall, double f1, double alertRate) {}
}
