package io.outrider.core.decision;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one path from a transaction to a verdict: features, score, policy, and for alerts the explanation. What it decides
 * depends on the state, the transaction, its position and the context alone. Holds scratch space, so one instance per
 * thread; states are passed in.
 *
 * <p>Cost per transaction: the plan's features and one score; an explanation, for alerts only, is as much as some eighty
 * scores, and a few times that where no change to one of its reasons alone would have been enough.
 */
public final class Detector {

    private final FeaturePlan plan;
    private final ScoredEvents published;
    private final List<Feature> features;
    private final Explainer explainer;
    private final double[] vector;
    private final float[] scratch;
    private final DecisionWatch watch;
    private DecisionWatch.@Nullable Scores scores;
    private @Nullable AlertPolicy policy;

    /** That of the model before: with a canary, two take turns. */
    private @Nullable AlertPolicy otherPolicy;

    public Detector(FeaturePlan plan) {
        this(plan, ScoredEvents.OFF, DecisionWatch.NONE);
    }

    /** A detector whose decisions carry, besides, the scored transactions asked for. */
    public Detector(FeaturePlan plan, ScoredEvents published) {
        this(plan, published, DecisionWatch.NONE);
    }

    /** The same, each decision being watched. */
    public Detector(FeaturePlan plan, ScoredEvents published, DecisionWatch watch) {
        this.plan = plan;
        this.published = published;
        this.watch = watch;
        this.features = plan.features();
        this.explainer = new Explainer(plan);
        this.vector = new double[plan.size()];
        this.scratch = FusedScore.scratch(plan.size());
    }

    /**
     * Folds the transaction into the account's state and returns the alert it raises, or null.
     *
     * @throws IllegalArgumentException if the context's model is one of another plan
     */
    public @Nullable Alert detect(
            AccountState state, Transaction transaction, LogPosition position, DetectionContext context) {
        return decide(state, transaction, position, context).alert();
    }

    /**
     * Folds the transaction into the account's state and says what is decided on it.
     *
     * @throws IllegalArgumentException if the context's model is one of another plan
     */
    public Decision decide(
            AccountState state, Transaction transaction, LogPosition position, DetectionContext context) {
        Model model = context.modelFor(transaction.account());
        AlertPolicy terms = policyOf(model);
        FeatureState account = state.features();
        double usualAmount = account.usualAmount();
        double mean = account.meanAmount();
        double largest = account.largestAmount();
        long newestMs = account.lastEventTimeMs();
        plan.apply(account, transaction, context.risk(), vector);
        double raw = model.raw(vector, scratch);
        watch(transaction, context, model, raw);
        double score = model.score(raw);
        boolean anomalous = model.isAnomalous(raw);
        boolean review = !anomalous && terms.isForReview(position);
        String alertId = anomalous ? position.alertId() : null;
        state.decisions()
                .record(new ScoredTransaction(
                        transaction.transactionId(),
                        transaction.eventTimeMs(),
                        transaction.amount(),
                        transaction.merchant(),
                        score,
                        alertId,
                        review));
        ScoredEvent scored = published.include(review)
                ? scored(transaction, receipt(transaction, position, context), model, raw, review)
                : null;
        if (alertId == null) {
            return review || scored != null ? new Decision(null, review, scored) : Decision.ORDINARY;
        }
        String episode = terms.enterEpisode(state.decisions(), alertId, transaction.eventTimeMs());
        Circumstances.Past before = new Circumstances.Past(usualAmount, mean, largest, newestMs);
        Explanation why = explainer.explain(model, vector, true, Circumstances.of(transaction, before, account));
        Alert alert = new Alert(
                alertId,
                transaction,
                score,
                model.manifest().threshold(),
                terms.severity(raw),
                model.manifest().version(),
                episode,
                usualAmount,
                why.reasons(),
                why.expectedScore(),
                why.attributions(),
                why.counterfactual(),
                receipt(transaction, position, context));
        return new Decision(alert, false, scored);
    }

    private void watch(Transaction transaction, DetectionContext context, Model model, double raw) {
        if (watch == DecisionWatch.NONE) {
            return;
        }
        DecisionWatch.Scores seen = scores;
        if (seen == null) {
            seen = new DecisionWatch.Scores(vector, model);
            scores = seen;
        }
        Model challenger = context.challenger();
        seen.model = model;
        seen.raw = raw;
        seen.challengerRaw = challenger == null ? Double.NaN : challenger.raw(vector, scratch);
        watch.decided(transaction, context, seen);
    }

    private Receipt receipt(Transaction transaction, LogPosition position, DetectionContext context) {
        return new Receipt(
                position, context.ref().decidingFor(transaction.account()), plan.fingerprint(), namedVector());
    }

    private static ScoredEvent scored(
            Transaction transaction, Receipt receipt, Model model, double raw, boolean review) {
        return new ScoredEvent(
                receipt.position().alertId(),
                transaction,
                raw,
                model.score(raw),
                model.manifest().threshold(),
                model.isAnomalous(raw),
                review,
                receipt);
    }

    /** What {@link #detect} would say of a hypothetical transaction; the state is left as it is. */
    public Assessment assess(AccountState state, Transaction transaction, DetectionContext context) {
        Model model = context.modelFor(transaction.account());
        AlertPolicy terms = policyOf(model);
        FeatureState copy = state.features().copy();
        Circumstances.Past before = new Circumstances.Past(
                copy.usualAmount(), copy.meanAmount(), copy.largestAmount(), copy.lastEventTimeMs());
        plan.apply(copy, transaction, context.risk(), vector);
        double raw = model.raw(vector, scratch);
        boolean anomalous = model.isAnomalous(raw);
        Explanation why = explainer.explain(model, vector, anomalous, Circumstances.of(transaction, before, copy));
        return new Assessment(
                model.score(raw),
                model.manifest().threshold(),
                anomalous,
                anomalous ? terms.severity(raw) : null,
                model.manifest().version(),
                why.reasons(),
                why.expectedScore(),
                why.attributions(),
                why.counterfactual());
    }

    private AlertPolicy policyOf(Model model) {
        AlertPolicy known = policy;
        if (known != null && known.isOf(model)) {
            return known;
        }
        AlertPolicy other = otherPolicy;
        otherPolicy = known;
        AlertPolicy found = other != null && other.isOf(model) ? other : fresh(model);
        policy = found;
        return found;
    }

    private AlertPolicy fresh(Model model) {
        if (!model.manifest().planFingerprint().equals(plan.fingerprint())) {
            throw new IllegalArgumentException("model " + model.manifest().version() + " is for plan "
                    + model.manifest().planFingerprint() + ", not " + plan.fingerprint());
        }
        return new AlertPolicy(model);
    }

    private Map<String, Double> namedVector() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < vector.length; i++) {
            named.put(features.get(i).name(), vector[i]);
        }
        return Collections.unmodifiableMap(named);
    }
}
