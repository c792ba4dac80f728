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
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.port.ModelSource;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all entities of a node score with: contexts, loaded once and immutable, and one detector per thread, which holds
 * the scratch space. Thread-safe.
 */
public final class SharedScorer {

    private static final Logger LOG = LoggerFactory.getLogger(SharedScorer.class);

    /** Contexts with merchant risk that are kept. */
    private static final int MAX_TABLES = 4;

    private final FeaturePlan plan;
    private final AccountStateCodec codec;
    private final ModelSource models;
    private final LiveMetrics metrics;
    private final ThreadLocal<Detector> detectors;
    private final RiskTables tables;
    private final Map<ContextRef, Loaded> contexts = new ConcurrentHashMap<>();

    /** Asked for last: what nearly every decision is made under. */
    private volatile @Nullable DetectionContext latest;

    /** Loads merchant-risk tables by version; blocks. IOException if one cannot be had. */
    @FunctionalInterface
    public interface RiskTables {

        /** For where there are none. */
        RiskTables NONE = version -> {
            throw new IOException("there is no merchant-risk version " + version + " here");
        };

        MerchantRisk load(long version) throws IOException;
    }

    /** A context and when it was last asked for. */
    private static final class Loaded {

        private final DetectionContext context;
        private volatile long usedNanos = System.nanoTime();

        Loaded(DetectionContext context) {
            this.context = context;
        }
    }

    /**
     * What scores with these models.
     *
     * @param published the scored transactions that decisions carry, for publishing
     */
    public SharedScorer(
            FeaturePlan plan, ModelSource models, RiskTables tables, ScoredEvents published, LiveMetrics metrics) {
        this(plan, models, tables, () -> new Detector(plan, published), metrics);
    }

    /** The same with detectors of one's own. */
    public SharedScorer(
            FeaturePlan plan,
            ModelSource models,
            RiskTables tables,
            Supplier<Detector> detectors,
            LiveMetrics metrics) {
        this.tables = tables;
        this.plan = plan;
        this.codec = new AccountStateCodec(plan);
        this.models = models;
        this.metrics = metrics;
        this.detectors = ThreadLocal.withInitial(detectors);
    }

    /** How account states are encoded. */
    public AccountStateCodec codec() {
        return codec;
    }

    /** Loads what a context names, unless it is loaded; blocks. IOException if it cannot be had or is of another plan. */
    public synchronized void load(ContextRef ref) throws IOException {
        Loaded loaded = contexts.get(ref);
        if (loaded == null) {
            Canary canary = ref.canary();
            loaded = new Loaded(new DetectionContext(
                    ref,
                    model(ref.modelVersion()),
                    risk(ref.riskVersion()),
                    challenger(ref.challengerVersion()),
                    canary == null ? null : model(canary.modelVersion())));
            contexts.put(ref, loaded);
            forgetOld();
        }
        loaded.usedNanos = System.nanoTime();
    }

    private Model model(String version) throws IOException {
        for (Loaded loaded : contexts.values()) {
            Model known = named(version, loaded.context);
            if (known != null) {
                return known;
            }
        }
        Model model = models.load(version);
        if (!model.manifest().planFingerprint().equals(plan.fingerprint())) {
            throw new IOException("model " + version + " is of feature plan "
                    + model.manifest().planFingerprint() + ", configured is " + plan.fingerprint());
        }
        return model;
    }

    /** No decision depends on the challenger, so that one that is gone must not keep a partition from running. */
    private @Nullable Model challenger(@Nullable String version) {
        try {
            return version == null ? null : model(version);
        } catch (IOException e) {
            LOG.warn("Challenger {} cannot be loaded and is not compared", version, e);
            return null;
        }
    }

    private static @Nullable Model named(String version, DetectionContext in) {
        for (Model model : Arrays.asList(in.model(), in.challenger(), in.canary())) {
            if (model != null && model.manifest().version().equals(version)) {
                return model;
            }
        }
        return null;
    }

    private MerchantRisk risk(long version) throws IOException {
        for (Loaded loaded : contexts.values()) {
            if (loaded.context.ref().riskVersion() == version) {
                return loaded.context.risk();
            }
        }
        return version == 0 ? MerchantRisk.NONE : tables.load(version);
    }

    /** Tables are large and come every few seconds; those not asked for longest go. */
    private void forgetOld() {
        while (contexts.values().stream().filter(SharedScorer::hasTable).count() > MAX_TABLES) {
            contexts.entrySet().stream()
                    .filter(entry -> hasTable(entry.getValue()))
                    .min(Comparator.comparingLong(entry -> entry.getValue().usedNanos))
                    .ifPresent(entry -> contexts.remove(entry.getKey()));
        }
    }

    private static boolean hasTable(Loaded loaded) {
        return loaded.context.ref().riskVersion() != 0;
    }

    /** A loaded context. One that had to make room is loaded again, which blocks: a run far behind the others. */
    DetectionContext context(ContextRef ref) {
        DetectionContext context = latest;
        if (context != null && context.ref().equals(ref)) {
            return context;
        }
        Loaded loaded = contexts.get(ref);
        if (loaded == null) {
            try {
                load(ref);
            } catch (IOException e) {
                throw new UncheckedIOException("context " + ref + " cannot be loaded again", e);
            }
            return context(ref);
        }
        loaded.usedNanos = System.nanoTime();
        latest = loaded.context;
        return loaded.context;
    }

    /** Folds a transaction into a state; see {@link Detector#decide}. */
    Decision decide(AccountState state, Transaction transaction, LogPosition position, DetectionContext context) {
        Decision decision;
        try {
            decision = detectors.get().decide(state, transaction, position, context);
        } catch (RuntimeException e) {
            metrics.failedDecisions.increment();
            throw e;
        }
        metrics.scores.add(state.decisions().newestScore());
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
