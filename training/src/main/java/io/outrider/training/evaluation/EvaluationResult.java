package io.outrider.training.evaluation;

import io.outrider.core.model.Model;
import java.util.Map;

/**
 * What an evaluation measured on the test days.
 *
 * @param ranking every threshold's outcome, for plots
 * @param auc area under the ROC curve
 * @param averagePrecision area under the precision-recall curve, by steps
 * @param cardPrecision100 see {@link CardPrecision}
 * @param atThreshold at the threshold that the model was deployed with
 * @param recallAtOnePercent recall of each fraud scenario where at most 1% of the rows alert; empty where the files name
 *     no scenarios
 * @param rows test rows that were measured
 * @param frauds frauds among them
 * @param unlabelled test rows without label, not measured
 * @param model the frozen model
 * @param supervised whether it was fitted with labels
 * @param run how the run went
 */
public record EvaluationResult(
        Ranking ranking,
        double auc,
        double averagePrecision,
        double cardPrecision100,
        double bestF1,
        Ranking.AtThreshold atThreshold,
        Map<Integer, Double> recallAtOnePercent,
        int rows,
        int frauds,
        long unlabelled,
        Model model,
        boolean supervised,
        Run run) {

    /**
     * How a run went.
     *
     * @param events events replayed
     * @param rejected rows of the files that were no valid events
     * @param seconds wall-clock time of the whole run
     * @param fitSeconds of which fitting took
     * @param trainingRows events on the training days
     */
    public record Run(long events, long rejected, double seconds, double fitSeconds, long trainingRows) {

        public double eventsPerSecond() {
            return events / Math.max(seconds, 1e-9);
        }
    }
}
