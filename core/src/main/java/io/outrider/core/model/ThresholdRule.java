package io.outrider.core.model;

import java.util.Arrays;

/** How a model's threshold follows from scores it was not fitted on. */
public sealed interface ThresholdRule {

    /**
     * The threshold on raw scores: a score at or above it is anomalous.
     *
     * @param rawScores scores of held-back rows, in any order
     * @param anomalous the label of each, or an empty array if there are none
     */
    double threshold(double[] rawScores, boolean[] anomalous);

    /**
     * As many alerts as a budget allows; where anomalies stand apart, as there are of those, which may be a few more.
     *
     * <p>Anomalies that stand apart are cut cleanly: where one of the gaps between the highest scores is <em>clear</em>,
     * wider than the whole stretch of the next {@value #STRETCH} times as many scores below it, the threshold lies in
     * the middle of the widest such gap, and alerts may stay far below the budget. (Within one tail, exponential or
     * heavier, gaps after the first few scores are much narrower than that.) Otherwise the budget is used up. A clear gap
     * may lie beyond the budget by as much as the sample cannot tell apart from it, four standard deviations of the
     * count.
     *
     * @param ceiling share of transactions that may alert, in (0, 1)
     */
    record AlertBudget(double ceiling) implements ThresholdRule {

        private static final int STRETCH = 4;
        private static final int FEWEST_APART = 8;

        public AlertBudget {
            if (!(ceiling > 0 && ceiling < 1)) {
                throw new IllegalArgumentException("outrider.alert.budget must be in (0, 1): " + ceiling);
            }
        }

        @Override
        public double threshold(double[] rawScores, boolean[] anomalous) {
            double[] sorted = requireScores(rawScores).clone();
            Arrays.sort(sorted);
            int n = sorted.length;
            double budget = n * ceiling;
            int most = Math.min(n - 1, (int) (budget + 4 * Math.sqrt(budget)));
            double widest = 0;
            double threshold = Double.NaN;
            for (int alerts = FEWEST_APART; alerts <= most; alerts++) {
                double above = sorted[n - alerts];
                double below = sorted[n - alerts - 1];
                double end = sorted[Math.max(0, n - (STRETCH + 1) * alerts - 1)];
                if (above - below > below - end && above - below > widest) {
                    widest = above - below;
                    threshold = below + (above - below) / 2;
                }
            }
            return Double.isNaN(threshold) ? cutAfter(sorted, (int) budget) : threshold;
        }

        /** Between two different scores, so that at most so many reach it. */
        private static double cutAfter(double[] sorted, int alerts) {
            int n = sorted.length;
            double below = sorted[Math.max(0, n - alerts - 1)];
            for (int i = n - alerts; i < n; i++) {
                if (sorted[i] > below) {
                    return below + (sorted[i] - below) / 2;
                }
            }
            return Math.nextUp(sorted[n - 1]); // not one alert can be had without exceeding the budget
        }
    }

    /**
     * The lowest threshold at which the labelled rows' precision is at least the target; where none reaches it, the one
     * with the best precision.
     *
     * @param target precision to keep, in (0, 1]
     */
    record TargetPrecision(double target) implements ThresholdRule {

        public TargetPrecision {
            if (!(target > 0 && target <= 1)) {
                throw new IllegalArgumentException("outrider.alert.target-precision must be in (0, 1]: " + target);
            }
        }

        @Override
        public double threshold(double[] rawScores, boolean[] anomalous) {
            Cut lowest = null;
            Cut best = null;
            for (Cut cut : Cut.all(rawScores, anomalous)) {
                if (cut.precision() >= target) {
                    lowest = cut;
                }
                if (best == null || cut.precision() > best.precision()) {
                    best = cut;
                }
            }
            if (best == null) {
                throw new IllegalArgumentException("no scores to place a threshold on");
            }
            return lowest == null ? best.threshold() : lowest.threshold();
        }
    }

    /** The threshold at which the labelled rows' F1, the harmonic mean of precision and recall, is best. */
    record BestF1() implements ThresholdRule {

        @Override
        public double threshold(double[] rawScores, boolean[] anomalous) {
            Cut best = null;
            for (Cut cut : Cut.all(rawScores, anomalous)) {
                if (best == null || cut.f1() > best.f1()) {
                    best = cut;
                }
            }
            if (best == null) {
                throw new IllegalArgumentException("no scores to place a threshold on");
            }
            return best.threshold();
        }
    }

    private static double[] requireScores(double[] rawScores) {
        if (rawScores.length < 2) {
            throw new IllegalArgumentException("too few scores to place a threshold on: " + rawScores.length);
        }
        return rawScores;
    }
}
