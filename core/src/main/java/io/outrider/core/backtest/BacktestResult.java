package io.outrider.core.backtest;

import java.util.List;
import java.util.Map;

/**
 * What a backtest found.
 *
 * @param modelVersion the model
 * @param againstVersion the other; empty for none
 * @param events how many were scored
 * @param days what each day would have brought, in order
 * @param alertsPerDay of the model
 * @param episodesPerDay of the model: what people see, since repeats within the cool-down join one
 * @param alertRate of the model: alerts over events, day by day
 * @param metrics by name, as a training run has them; the other model's under {@code baseline.against.}; few without truth
 * @param appear alerts of the model that the other would not have raised
 * @param vanish alerts of the other that the model would not raise
 * @param notes what could not be measured, and why
 * @param seconds the whole took
 * @param eventsPerSecond scored
 */
public record BacktestResult(
        String modelVersion,
        String againstVersion,
        long events,
        List<Day> days,
        Predicted alertsPerDay,
        Predicted episodesPerDay,
        Predicted alertRate,
        Map<String, Double> metrics,
        Changes appear,
        Changes vanish,
        List<String> notes,
        double seconds,
        double eventsPerSecond) {

    /**
     * One event date, UTC.
     *
     * @param episodes how many of the model's alerts opened one
     */
    public record Day(String date, long events, long alerts, long againstAlerts, long episodes, long againstEpisodes) {}

    /**
     * What to expect of a day to come: the mean over whole days, and an interval that holds 95 of 100 such days if days are alike.
     */
    public record Predicted(double mean, double low, double high) {}

    /**
     * Alerts of only one of the two.
     *
     * @param count all of them
     * @param alerts the first, at most {@value #MOST}
     */
    public record Changes(long count, List<Changed> alerts) {

        public static final int MOST = 200;
    }

    /** An alert of only one of the two; scores are calibrated. */
    public record Changed(
            String transactionId, String account, String eventTime, double amount, double score, double againstScore) {}
}
