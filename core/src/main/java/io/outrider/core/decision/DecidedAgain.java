package io.outrider.core.decision;

import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A decision of the past computed again from the features that the transaction had: the same model and vector give the same score,
 * bit for bit, so this is what was decided then, whether it was kept or not.
 */
public final class DecidedAgain {

    private DecidedAgain() {}

    /**
     * What was decided.
     *
     * @param inForce the partition's context at that position
     * @param model the one that {@link ContextRef#modelFor} names for the account
     * @param vector the features in the order of the model's plan, NaN where unknown
     * @throws IllegalArgumentException if the model is another one, or the vector is of another length
     */
    public static ScoredEvent of(
            Transaction transaction, LogPosition position, ContextRef inForce, Model model, double[] vector) {
        ContextRef context = inForce.decidingFor(transaction.account());
        List<String> features = model.manifest().plan().features();
        if (!model.manifest().version().equals(context.modelVersion()) || vector.length != features.size()) {
            throw new IllegalArgumentException("model " + model.manifest().version() + " of " + features.size()
                    + " features did not decide what " + context + " decided of " + vector.length);
        }
        double raw = model.raw(vector, FusedScore.scratch(vector.length));
        boolean anomalous = model.isAnomalous(raw);
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < vector.length; i++) {
            named.put(features.get(i), vector[i]);
        }
        return new ScoredEvent(
                position.alertId(),
                transaction,
                raw,
                model.score(raw),
                model.manifest().threshold(),
                anomalous,
                !anomalous && new AlertPolicy(model).isForReview(position),
                new Receipt(position, context, model.manifest().planFingerprint(), Collections.unmodifiableMap(named)));
    }
}
