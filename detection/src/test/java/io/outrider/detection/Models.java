package io.outrider.detection;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.Reference;
import io.outrider.core.port.ModelSource;
import io.outrider.core.risk.MerchantRisk;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small models, trained on the spot. */
public final class Models implements ModelSource {

    public static final FeaturePlan PLAN = FeaturePlan.named("transactions");

    /** The same features from states that remember fewer amounts: another plan. */
    public static final FeaturePlan OTHER_PLAN = FeaturePlan.compile(
            ConfigFactory.parseString(PLAN.source()).withValue("memory.amounts", ConfigValueFactory.fromAnyRef(20)));

    private final Map<String, Model> models = new LinkedHashMap<>();

    public Models(List<Transaction> history) {
        this(history, ConfigFactory.load(), List.of(0.0, 0.0));
    }

    /** Models of small forests, for many cheap decisions; one per share of the history that it finds anomalous. */
    public Models(List<Transaction> history, List<Double> alertShares) {
        this(
                history,
                ConfigFactory.parseString("outrider.model.recipes.transactions.forest { trees = 4, sample-size = 32 }")
                        .withFallback(ConfigFactory.load())
                        .resolve(),
                alertShares);
    }

    private Models(List<Transaction> history, Config config, List<Double> alertShares) {
        long seed = 1;
        for (double share : alertShares) {
            Model model = train(PLAN, history, config, seed++, share);
            models.put(model.manifest().version(), model);
        }
    }

    /** Two of the traffic that a {@link FakeLog} makes. */
    static Models trained() {
        return new Models(transactions(0));
    }

    /** The same, and one of {@link #OTHER_PLAN}, of whom the last version is. */
    static Models trainedForBothPlans() {
        Models models = trained();
        models.add(OTHER_PLAN, transactions(1));
        return models;
    }

    private static List<Transaction> transactions(int partition) {
        return new FakeLog(1)
                .append(3_000).events(partition).stream()
                        .map(LoggedEvent::transaction)
                        .toList();
    }

    /** Some ordinary traffic. */
    public static List<Transaction> history() {
        List<Transaction> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(new Transaction(
                    "t" + i,
                    "a" + i % 5,
                    20 + i % 13,
                    1_700_000_000_000L + i * 3_600_000L,
                    "m" + i % 7,
                    null,
                    null,
                    null,
                    null));
        }
        return all;
    }

    /** Adds a model of another plan and returns its version. */
    public String add(FeaturePlan plan, List<Transaction> history) {
        Model model = train(plan, history, ConfigFactory.load(), 7, 0);
        models.put(model.manifest().version(), model);
        return model.manifest().version();
    }

    /** A model as it is, with a reference of the features and scores of some events. */
    public static Model withReference(Model model, FeaturePlan plan, List<Transaction> events) {
        ModelManifest known = model.manifest();
        FeatureMatrix rows = rows(plan, events);
        Reference reference =
                Reference.of(known.plan().features(), rows, model.fused().raw(rows));
        return Model.of(
                model.fused(),
                new Model.Decided(
                        known.plan(), known.calibration(), known.policy(), known.origin(), Map.of(), reference, null));
    }

    private static FeatureMatrix rows(FeaturePlan plan, List<Transaction> events) {
        AccountStateCodec codec = new AccountStateCodec(plan);
        Map<String, AccountState> states = new HashMap<>();
        FeatureMatrix rows = new FeatureMatrix(plan.size());
        double[] vector = new double[plan.size()];
        for (Transaction event : events) {
            AccountState state = states.computeIfAbsent(event.account(), account -> codec.fresh());
            plan.apply(state.features(), event, MerchantRisk.NONE, vector);
            rows.add(vector);
        }
        return rows;
    }

    public List<String> versions() {
        return List.copyOf(models.keySet());
    }

    @Override
    public Model load(String version) throws IOException {
        Model model = models.get(version);
        if (model == null) {
            throw new IOException("no model " + version);
        }
        return model;
    }

    /** {@code share} of the history to alert on; 0 leaves it to the settings. */
    private static Model train(
            FeaturePlan features, List<Transaction> history, Config config, long seed, double share) {
        ModelManifest.Plan plan = new ModelManifest.Plan(
                features.name(),
                features.fingerprint(),
                features.features().stream().map(feature -> feature.name()).toList());
        FeatureMatrix rows = rows(features, history);
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, features.name()), plan, rows, seed);
        double[] raw = score.raw(rows);
        AlertSettings settings = AlertSettings.read(config);
        double[] sorted = raw.clone();
        Arrays.sort(sorted);
        double threshold = share > 0
                ? sorted[(int) (sorted.length * (1 - share))]
                : settings.withoutLabels().threshold(raw, new boolean[0]);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        settings.terms(threshold),
                        new ModelManifest.Origin(
                                "test", seed, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
