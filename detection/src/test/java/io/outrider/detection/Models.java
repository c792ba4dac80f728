package io.outrider.detection;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.port.ModelSource;
import io.outrider.core.risk.MerchantRisk;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two small models, trained on the spot. */
public final class Models implements ModelSource {

    public static final FeaturePlan PLAN = FeaturePlan.named("transactions");

    private final Map<String, Model> models = new LinkedHashMap<>();

    public Models(List<Transaction> history) {
        for (long seed = 1; seed <= 2; seed++) {
            Model model = train(history, seed);
            models.put(model.manifest().version(), model);
        }
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

    private static Model train(List<Transaction> history, long seed) {
        var config = ConfigFactory.load();
        ModelManifest.Plan plan = new ModelManifest.Plan(
                PLAN.name(),
                PLAN.fingerprint(),
                PLAN.features().stream().map(feature -> feature.name()).toList());
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, AccountState> states = new HashMap<>();
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        double[] vector = new double[PLAN.size()];
        for (Transaction transaction : history) {
            AccountState state = states.computeIfAbsent(transaction.account(), account -> codec.fresh());
            PLAN.apply(state.features(), transaction, MerchantRisk.NONE, vector);
            rows.add(vector);
        }
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, seed);
        double[] raw = score.raw(rows);
        AlertSettings settings = AlertSettings.read(config);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        settings.terms(settings.withoutLabels().threshold(raw, new boolean[0])),
                        new ModelManifest.Origin(
                                "test", seed, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
