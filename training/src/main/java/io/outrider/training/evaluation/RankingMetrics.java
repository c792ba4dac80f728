package io.outrider.training.evaluation;

import java.util.List;

/**
 * What a ranking of labelled rows is worth.
 *
 * @param auc area under the ROC curve; NaN without rows of both kinds
 * @param averagePrecision by steps, as scikit-learn has it; NaN without anomalies
 * @param bestF1 at the best threshold of these rows, which nobody knows beforehand
 * @param precision share of the alerts at the threshold that are anomalies, 0 without alerts
 * @param recall share of the anomalies that alert, 0 without anomalies
 * @param f1 harmonic mean of the two
 * @param alertRate share of all rows that alert
 */
public record RankingMetrics(
        double auc,
        double averagePrecision,
        double bestF1,
        double precision,
        double recall,
        double f1,
        double alertRate) {

    /** Names of the {@link #values}. */
    public static final List<String> NAMES = List.of(
            "auc",
            "average_precision",
            "best_f1",
            "precision_at_threshold",
            "recall_at_threshold",
            "f1_at_threshold",
            "alert_rate");

    /** Place of the area under the ROC curve among the values. */
    public static final int AUC = 0;

    /** Place of the recall among the values. */
    public static final int RECALL = 4;

    /** Place of the average precision among the values. */
    public static final int AVERAGE_PRECISION = 1;

    /** All of them, in the order of the names. */
    public double[] values() {
        return new double[] {auc, averagePrecision, bestF1, precision, recall, f1, alertRate};
    }
}
