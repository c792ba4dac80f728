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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all entities of a node score with: contexts, loaded once and immutable, each with the feature plan that its models are of.
 * Thread-safe.
 */
public final class SharedScorer {

    private static final Logger LOG = LoggerFactory.getLogger(SharedScorer.class);

    /** Merchant-risk tables that are kept, whatever contexts they are in; more only where more are held. */
    private static final int MAX_TABLES = 4;

    private final Plans plans;
    private final ModelSource models;
    private final LiveMetrics metrics;
    private final Function<FeaturePlan, Detector> detectors;
    private final RiskTables tables;
    private final Map<String, Planned> planned = new ConcurrentHashMap<>();

    /** Fingerprints of models' plans, by version. */
    private final Map<String, String> planOfModel = new ConcurrentHashMap<>();

    private final Map<ContextRef, Loaded> contexts = new ConcurrentHashMap<>();
    private final Set<HeldContexts> holders = ConcurrentHashMap.newKeySet();

    /** Asked for last: what nearly every decision is made under. */
    private volatile @Nullable Loaded latest;

    /** Feature plans by fingerprint; IOException if one cannot be had, or worked with. Blocks. */
    @FunctionalInterface
    public interface Plans {

        FeaturePlan load(String fingerprint) throws IOException;

        /** One plan and no other. */
        static Plans only(FeaturePlan plan) {
            return fingerprint -> {
                if (!fingerprint.equals(plan.fingerprint())) {
                    throw new IOException(
                            "feature plan " + fingerprint + " is asked for, configured is " + plan.fingerprint());
                }
                return plan;
            };
        }
    }

    /** Loads merchant-risk tables by version; blocks. IOException if one cannot be had. */
    @FunctionalInterface
    public interface RiskTables {

        /** For where there are none. */
        RiskTables NONE = version -> {
            throw new IOException("there is no merchant-risk version " + version + " here");
        };

        MerchantRisk load(long version) throws IOException;
    }

    /** A plan, and what works with its states: one detector per thread, which holds the scratch space. */
    static final class Planned {

        private final AccountStateCodec codec;
        private final ThreadLocal<Detector> detectors;

        Planned(FeaturePlan plan, Function<FeaturePlan, Detector> detectors) {
            this.codec = new AccountStateCodec(plan);
            this.detectors = ThreadLocal.withInitial(() -> detectors.apply(plan));
        }

        AccountStateCodec codec() {
            return codec;
        }
    }

    /** A context, the plan of its models, and when it was last asked for. */
    static final class Loaded {

        private final DetectionContext context;
        private final Planned plan;
        private volatile long usedNanos = System.nanoTime();

        Loaded(DetectionContext context, Planned plan) {
            this.context = context;
            this.plan = plan;
        }

        Planned plan() {
            return plan;
        }
    }

    /**
     * What scores with models of one plan.
     *
     * @param published the scored transactions that decisions carry, for publishing
     */
    public SharedScorer(
            FeaturePlan plan, ModelSource models, RiskTables tables, ScoredEvents published, LiveMetrics metrics) {
        this(Plans.only(plan), models, tables, of -> new Detector(of, published), metrics);
    }

    /** The same with models of any plan, and detectors of one's own. */
    public SharedScorer(
            Plans plans,
            ModelSource models,
            RiskTables tables,
            Function<FeaturePlan, Detector> detectors,
            LiveMetrics metrics) {
        this.tables = tables;
        this.plans = plans;
        this.models = models;
        this.metrics = metrics;
        this.detectors = detectors;
    }

    /** One that decides the same, but what it decides is neither published nor counted. */
    public SharedScorer unseen() {
        return new SharedScorer(plans, models, tables, Detector::new, new LiveMetrics());
    }

    /** For a run, which holds its contexts there and closes it when it is over. */
    public HeldContexts holder() {
        HeldContexts holder = new HeldContexts(this);
        holders.add(holder);
        return holder;
    }

    void letGo(HeldContexts holder) {
        holders.remove(holder);
    }

    /** How account states are encoded under a context that is loaded. */
    public AccountStateCodec codec(ContextRef ref) {
        return loaded(ref).plan.codec;
    }

    /** Fingerprint of the plan that a context's models are of; blocks until it is known. IOException if plan or model cannot be had. */
    public String planOf(ContextRef ref) throws IOException {
        String known = planOfModel.get(ref.modelVersion());
        if (known != null) {
            return known;
        }
        String found = models.load(ref.modelVersion()).manifest().planFingerprint();
        planned(found);
        planOfModel.put(ref.modelVersion(), found);
        return found;
    }

    /** Loads what a context names, unless it is loaded; blocks. IOException if it cannot be had or is of more than one plan. */
    public synchronized void load(ContextRef ref) throws IOException {
        Loaded loaded = contexts.get(ref);
        if (loaded == null) {
            Canary canary = ref.canary();
            Model champion = model(ref.modelVersion());
            String fingerprint = champion.manifest().planFingerprint();
            Planned plan = planned(fingerprint);
            planOfModel.put(ref.modelVersion(), fingerprint);
            loaded = new Loaded(
                    new DetectionContext(
                            ref,
                            champion,
                            risk(ref.riskVersion()),
                            challenger(ref.challengerVersion(), fingerprint),
                            canary == null ? null : model(canary.modelVersion(), fingerprint)),
                    plan);
            contexts.put(ref, loaded);
            forgetOldBut(ref.riskVersion());
        }
        loaded.usedNanos = System.nanoTime();
    }

    private Planned planned(String fingerprint) throws IOException {
        Planned known = planned.get(fingerprint);
        if (known != null) {
            return known;
        }
        Planned loaded = new Planned(plans.load(fingerprint), detectors);
        Planned faster = planned.putIfAbsent(fingerprint, loaded);
        return faster == null ? loaded : faster;
    }

    private Model model(String version) throws IOException {
        for (Loaded loaded : contexts.values()) {
            Model known = named(version, loaded.context);
            if (known != null) {
                return known;
            }
        }
        return models.load(version);
    }

    /** A model beside a champion, whose vector it is to score. */
    private Model model(String version, String championsPlan) throws IOException {
        Model model = model(version);
        if (!model.manifest().planFingerprint().equals(championsPlan)) {
            throw new IOException("model " + version + " is of feature plan "
                    + model.manifest().planFingerprint() + ", the champion beside it of " + championsPlan);
        }
        return model;
    }

    /** No decision depends on the challenger, so that one that is gone must not keep a partition from running. */
    private @Nullable Model challenger(@Nullable String version, String championsPlan) {
        try {
            return version == null ? null : model(version, championsPlan);
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

    /** Tables are large and come every few seconds; those not asked for longest go, unless somebody holds them. */
    private void forgetOldBut(long newest) {
        Map<Long, Long> used = new HashMap<>();
        contexts.forEach((ref, loaded) -> {
            if (ref.riskVersion() != 0) {
                used.merge(ref.riskVersion(), loaded.usedNanos, Math::max);
            }
        });
        int tooMany = used.size() - MAX_TABLES;
        Set<Long> held = new HashSet<>(Set.of(newest));
        holders.forEach(holder -> holder.addTablesTo(held));
        used.keySet().removeAll(held);
        for (; tooMany > 0 && !used.isEmpty(); tooMany--) {
            long oldest = Collections.min(used.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            used.remove(oldest);
            contexts.keySet().removeIf(ref -> ref.riskVersion() == oldest);
        }
    }

    /** A context that is loaded, as one that somebody holds is; never loads it, since accounts ask on their own threads. */
    Loaded loaded(ContextRef ref) {
        Loaded found = find(ref);
        if (found == null) {
            throw new IllegalStateException("context " + ref + " is not loaded");
        }
        return found;
    }

    /** The same; null if it is not loaded. */
    @Nullable
    Loaded find(ContextRef ref) {
        Loaded last = latest;
        if (last != null && last.context.ref().equals(ref)) {
            return last;
        }
        Loaded found = contexts.get(ref);
        if (found != null) {
            found.usedNanos = System.nanoTime();
            latest = found;
        }
        return found;
    }

    /** Folds a transaction into a state; see {@link Detector#decide}. */
    Decision decide(AccountState state, Transaction transaction, LogPosition position, Loaded under) {
        Decision decision;
        try {
            decision = under.plan.detectors.get().decide(state, transaction, position, under.context);
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

    static AccountView view(String account, int partition, AccountState state, AccountStateCodec codec) {
        return AccountView.of(account, partition, state, codec.featureStateHash(state));
    }

    /** Scores a hypothetical transaction; see {@link Detector#assess}. */
    public Assessment assess(AccountState state, Transaction transaction, ContextRef context) {
        Loaded under = loaded(context);
        return under.plan.detectors.get().assess(state, transaction, under.context);
    }
}
