package io.outrider.training.first;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.Model;
import io.outrider.core.pace.Pace;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.training.fit.ModelFit;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingRows;
import io.outrider.training.fit.TrainingSettings;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Fits the first model on a history, without labels: an isolation forest with the tails beside it, its threshold from the
 * alert budget. The first part of the history only builds up the accounts' state, since everything is unusual for an
 * account that nothing is known of.
 */
public final class FirstModel {

    /** Share of the history's time that only warms the state. */
    private static final double WARMING_SHARE = 0.25;

    private static final long PROGRESS_EVERY = 10_000;

    private final FeaturePlan plan;
    private final TrainingSettings settings;
    private final Progress progress;

    public FirstModel(FeaturePlan plan, TrainingSettings settings, Progress progress) {
        this.plan = plan;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * A history in event order, of a known extent.
     *
     * @param fromMs event time at which it begins, milliseconds since the epoch
     * @param untilMs event time before which it ends
     */
    public record History(Iterator<Transaction> events, long fromMs, long untilMs) {}

    /**
     * Fits on a history; the same history and seed give the same model.
     *
     * @throws IllegalArgumentException if it holds no events after its first quarter
     */
    public Model fit(History history, long seed) {
        long warmUntil = history.fromMs() + (long) ((history.untilMs() - history.fromMs()) * WARMING_SHARE);
        Map<String, FeatureState> accounts = new HashMap<>();
        TrainingRows rows = new TrainingRows(plan.size(), TrainingRows.Known.NOTHING, settings);
        double[] vector = new double[plan.size()];
        long events = 0;
        while (history.events().hasNext()) {
            Transaction event = history.events().next();
            FeatureState state = accounts.computeIfAbsent(event.account(), account -> plan.newState());
            plan.apply(state, event, MerchantRisk.NONE, vector);
            if (event.eventTimeMs() >= warmUntil) {
                rows.add(vector, event);
            }
            if (++events % PROGRESS_EVERY == 0) {
                double done = event.eventTimeMs() - history.fromMs();
                progress.at("history", done / (history.untilMs() - history.fromMs()));
            }
        }
        progress.at("fit", 0);
        Model model = new ModelFit(settings, plan, seed, Pace.FULL)
                .fit(rows, ModelKind.FOREST)
                .model();
        progress.at("fit", 1);
        return model;
    }
}
