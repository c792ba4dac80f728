package io.outrider.detection.scoring;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.decision.Decision;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.port.ModelSource;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all entities of a node score with: contexts, loaded once and immutable, and one detector per thread, which holds
 * the scratch space. Thread-safe.
 */
public final class SharedScorer {

    private final FeaturePlan plan;
    private final AccountStateCodec codec;
    private final ModelSource models;
    private final LiveMetrics metrics;
    private final ThreadLocal<Detector> detectors;
    private final Map<ContextRef, DetectionContext> contexts = new ConcurrentHashMap<>();

    /**
     * What scores with these models.
     *
     * @param published the scored transactions that decisions carry, for publishing
     */
    public SharedScorer(FeaturePlan plan, ModelSource models, ScoredEvents published, LiveMetrics metrics) {
        this.plan = plan;
        this.codec = new AccountStateCodec(plan);
        this.models = models;
        this.metrics = metrics;
        this.detectors = ThreadLocal.withInitial(() -> new Detector(plan, published));
    }

    /** How account states are encoded. */
    public AccountStateCodec codec() {
        return codec;
    }

    /** The plan's fingerprint. */
    public String planFingerprint() {
        return plan.fingerprint();
    }

    /** Loads what a context names, unless it is loaded; blocks. IOException if it cannot be had or is of another plan. */
    public void load(ContextRef ref) throws IOException {
        if (contexts.containsKey(ref)) {
            return;
        }
        if (ref.riskVersion() != 0) {
            throw new IOException("merchant-risk version " + ref.riskVersion() + " is unknown to this program");
        }
        Model model = models.load(ref.modelVersion());
        if (!model.manifest().planFingerprint().equals(plan.fingerprint())) {
            throw new IOException("model " + ref.modelVersion() + " is of feature plan "
                    + model.manifest().planFingerprint() + ", configured is " + plan.fingerprint());
        }
        contexts.put(ref, new DetectionContext(ref, model, MerchantRisk.NONE));
    }

    /** A loaded context. */
    DetectionContext context(ContextRef ref) {
        DetectionContext context = contexts.get(ref);
        if (context == null) {
            throw new IllegalStateException("context " + ref + " is used before it is loaded");
        }
        return context;
    }

    /** Folds a transaction into a state; see {@link Detector#decide}. */
    Decision decide(AccountState state, Transaction transaction, LogPosition position, DetectionContext context) {
        Decision decision = detectors.get().decide(state, transaction, position, context);
        if (decision.review()) {
            metrics.reviews.increment();
        }
        return decision;
    }

    /** Describes a state. */
    public AccountView view(String account, int partition, AccountState state) {
        return AccountView.of(account, partition, state, codec.featureStateHash(state));
    }

    /** Scores a hypothetical transaction; see {@link Detector#assess}. */
    public Assessment assess(AccountState state, Transaction transaction, ContextRef context) {
        return detectors.get().assess(state, transaction, context(context));
    }
}
