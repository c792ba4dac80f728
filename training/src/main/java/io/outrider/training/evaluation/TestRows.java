package io.outrider.training.evaluation;

import io.outrider.core.event.Transaction;
import io.outrider.lake.files.FileEvent;
import io.outrider.training.fit.FittedModel;
import io.outrider.training.fit.ModelKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Scores and labels of the test days, as they come, and the metrics over them. Belongs to one thread. */
final class TestRows {

    private static final long DAY_MS = 86_400_000;
    private static final double ONE_PERCENT = 0.01;
    private static final int CARDS_A_DAY = 100;

    private final EvaluateRequest request;
    private final Map<String, Long> fraudKnownSince = new HashMap<>();
    private final CardPrecision cardPrecision = new CardPrecision(CARDS_A_DAY);
    private double[] scores = new double[4096];
    private boolean[] frauds = new boolean[4096];
    private int[] scenarios = new int[4096];
    private int size;
    private long unlabelled;

    TestRows(EvaluateRequest request) {
        this.request = request;
    }

    /** Takes note of a fraud since the training began, so that its account can be left out once it is known. */
    void learn(Transaction event) {
        if (request.dropKnownAccounts()
                && Boolean.TRUE.equals(event.fraud())
                && event.eventTimeMs() >= request.train().startMs()) {
            fraudKnownSince.merge(
                    event.account(), event.eventTimeMs() + request.labelDelay().toMillis(), Math::min);
        }
    }

    void add(FileEvent row, double score) {
        Transaction event = row.transaction();
        Boolean fraud = event.fraud();
        if (fraud == null) {
            unlabelled++;
            return;
        }
        long dayStart = Math.floorDiv(event.eventTimeMs(), DAY_MS) * DAY_MS;
        if (fraudKnownSince.getOrDefault(event.account(), Long.MAX_VALUE) < dayStart) {
            return;
        }
        if (size == scores.length) {
            scores = Arrays.copyOf(scores, size * 2);
            frauds = Arrays.copyOf(frauds, size * 2);
            scenarios = Arrays.copyOf(scenarios, size * 2);
        }
        scores[size] = score;
        frauds[size] = fraud;
        scenarios[size++] = row.fraudScenario();
        cardPrecision.add(event.eventTimeMs(), event.account(), score, fraud);
    }

    EvaluationResult result(FittedModel fitted, EvaluationResult.Run run) {
        if (size == 0) {
            throw new IllegalArgumentException("no labelled event on the test days: there is nothing to measure"
                    + (unlabelled == 0 ? "" : "; events without label: " + unlabelled)
                    + run.rejected().aside());
        }
        Ranking ranking = Ranking.of(Arrays.copyOf(scores, size), Arrays.copyOf(frauds, size));
        return new EvaluationResult(
                ranking,
                ranking.auc(),
                ranking.averagePrecision(),
                cardPrecision.mean(),
                ranking.bestF1(),
                ranking.at(fitted.model().manifest().policy().rawThreshold()),
                recallByScenario(ranking.thresholdForRate(ONE_PERCENT)),
                size,
                ranking.anomalies(),
                unlabelled,
                fitted.model(),
                fitted.kind() == ModelKind.SUPERVISED,
                run);
    }

    private Map<Integer, Double> recallByScenario(double threshold) {
        Map<Integer, int[]> counts = new TreeMap<>();
        for (int row = 0; row < size; row++) {
            if (scenarios[row] > 0) {
                int[] count = counts.computeIfAbsent(scenarios[row], scenario -> new int[2]);
                count[0]++;
                count[1] += scores[row] >= threshold ? 1 : 0;
            }
        }
        Map<Integer, Double> recalls = new TreeMap<>();
        counts.forEach((scenario, count) -> recalls.put(scenario, count[1] / (double) count[0]));
        return recalls;
    }
}
