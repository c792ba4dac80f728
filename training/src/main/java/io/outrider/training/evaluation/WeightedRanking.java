package io.outrider.training.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Scores of labelled rows, sorted once, to be measured under many weights. Rows belong to clusters (accounts), and a weight is a
 * cluster's: all its rows count so many times. Rows of equal score stand or fall together. Immutable.
 */
public final class WeightedRanking {

    private final double[] scores;
    private final boolean[] anomalous;
    private final int[] clusters;
    private final int[] anomalousRows; // by cluster
    private final int[] ordinaryRows;
    private final double threshold;

    /**
     * Ranks scores.
     *
     * @param scores higher is more anomalous; not NaN
     * @param clusters of each row, from 0
     * @param threshold score from which on a row alerts
     */
    public WeightedRanking(double[] scores, boolean[] anomalous, int[] clusters, double threshold) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -scores[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.scores = new double[order.length];
        this.anomalous = new boolean[order.length];
        this.clusters = new int[order.length];
        this.threshold = threshold;
        for (int i = 0; i < order.length; i++) {
            this.scores[i] = scores[order[i]] + 0.0; // -0.0 and 0.0 are one score
            this.anomalous[i] = anomalous[order[i]];
            this.clusters[i] = clusters[order[i]];
        }
        int most = Arrays.stream(clusters).max().orElse(-1);
        this.anomalousRows = new int[most + 1];
        this.ordinaryRows = new int[most + 1];
        for (int i = 0; i < order.length; i++) {
            (anomalous[i] ? anomalousRows : ordinaryRows)[clusters[i]]++;
        }
    }

    /** With each row counted once. */
    public RankingMetrics metrics() {
        int[] ones = new int[anomalousRows.length];
        Arrays.fill(ones, 1);
        return metrics(ones);
    }

    /**
     * Under weights.
     *
     * @param weights by cluster, not negative
     */
    public RankingMetrics metrics(int[] weights) {
        double anomalies = 0;
        double ordinary = 0;
        for (int cluster = 0; cluster < anomalousRows.length; cluster++) {
            anomalies += (double) anomalousRows[cluster] * weights[cluster];
            ordinary += (double) ordinaryRows[cluster] * weights[cluster];
        }
        Sums sums = new Sums(anomalies);
        int i = 0;
        while (i < scores.length) {
            double at = scores[i];
            double hits = 0;
            double alarms = 0;
            for (; i < scores.length && scores[i] == at; i++) {
                int weight = weights[clusters[i]];
                hits += anomalous[i] ? weight : 0;
                alarms += anomalous[i] ? 0 : weight;
            }
            sums.step(hits, alarms, at >= threshold);
        }
        double alerts = sums.alertHits + sums.alertAlarms;
        return new RankingMetrics(
                sums.area / (anomalies * ordinary),
                sums.precisions / anomalies,
                sums.bestF1,
                alerts == 0 ? 0 : sums.alertHits / alerts,
                anomalies == 0 ? 0 : sums.alertHits / anomalies,
                alerts + anomalies == 0 ? 0 : 2 * sums.alertHits / (alerts + anomalies),
                alerts / Math.max(1, anomalies + ordinary));
    }

    /**
     * The curve of precision against recall, each row counted once: the precision where the ranking first finds 1/n, 2/n, … all of
     * the anomalies. Empty without anomalies.
     */
    public double[] precisionAtRecalls(int n) {
        double anomalies = 0;
        for (boolean one : anomalous) {
            anomalies += one ? 1 : 0;
        }
        double[] precisions = new double[anomalies == 0 ? 0 : n];
        double hits = 0;
        int next = 0;
        for (int i = 0; i < scores.length; i++) {
            hits += anomalous[i] ? 1 : 0;
            boolean lastOfItsScore = i + 1 == scores.length || scores[i + 1] != scores[i];
            while (lastOfItsScore && next < precisions.length && hits * n >= anomalies * (next + 1)) {
                precisions[next++] = hits / (i + 1);
            }
        }
        return precisions;
    }

    /** What accumulates from the highest score down. */
    private static final class Sums {
        private final double anomalies;
        private double hits;
        private double alarms;
        private double area;
        private double precisions;
        private double bestF1;
        private double alertHits;
        private double alertAlarms;

        Sums(double anomalies) {
            this.anomalies = anomalies;
        }

        void step(double moreHits, double moreAlarms, boolean alerts) {
            area += moreAlarms * (hits + moreHits / 2);
            hits += moreHits;
            alarms += moreAlarms;
            if (moreHits > 0) { // with more alarms alone both would stay what they are, and rows are mostly ordinary
                precisions += moreHits * hits / (hits + alarms);
                bestF1 = Math.max(bestF1, 2 * hits / (hits + alarms + anomalies));
            }
            if (alerts) {
                alertHits = hits;
                alertAlarms = alarms;
            }
        }
    }
}
