package io.outrider.training.evaluation;

import io.outrider.core.model.Model;
import java.util.List;
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
     * @param rejected what was left out
     * @param seconds wall-clock time of the whole run
     * @param fitSeconds of which fitting took
     * @param trainingRows events on the training days
     */
    public record Run(long events, Rejected rejected, double seconds, double fitSeconds, long trainingRows) {

        public double eventsPerSecond() {
            return events / Math.max(seconds, 1e-9);
        }
    }

    /**
     * Rows that were no valid events.
     *
     * @param rows how many
     * @param examples the first of them, with file and line, field and value; none where only their number is known
     */
    public record Rejected(long rows, List<String> examples) {

        public Rejected {
            examples = List.copyOf(examples);
        }

        /** What is added to a sentence that says that something is missing; empty if nothing was left out. */
        String aside() {
            String first = examples.isEmpty() ? "" : ", the first " + examples.get(0);
            return rows == 0 ? "" : "; rows left out as no valid events: " + rows + first;
        }
    }
}
