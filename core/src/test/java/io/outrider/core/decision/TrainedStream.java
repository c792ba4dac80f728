package io.outrider.core.decision;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.SplitMix;
import io.outrider.core.risk.MerchantRisk;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A stream of uniform amounts between 10 and 1,000 with a share of anomalies between 5,000 and 20,000, and a model trained
 * on its first part with the default settings.
 */
final class TrainedStream {

    static final FeaturePlan PLAN = FeaturePlan.named("transactions");

    private static final int ACCOUNTS = 4001;

    private final SplitMix random;
    private final double anomalyShare;
    private final AccountStateCodec codec = new AccountStateCodec(PLAN);
    private final Map<String, AccountState> states = new HashMap<>();
    private long events;

    TrainedStream(long seed, double anomalyShare) {
        this.random = new SplitMix(seed);
        this.anomalyShare = anomalyShare;
    }

    Transaction next() {
        boolean anomalous = random.nextDouble() < anomalyShare;
        double amount = anomalous ? 5_000 + 15_000 * random.nextDouble() : 10 + 990 * random.nextDouble();
        events++;
        return new Transaction(
                "t" + events,
                "user-" + (1000 + random.nextInt(ACCOUNTS)),
                Math.round(amount * 100) / 100.0,
                1_700_000_000_000L + events * 1_000,
                null,
                null,
                null,
                null,
                anomalous);
    }

    AccountStateCodec codec() {
        return codec;
    }

    AccountState state(String account) {
        return states.computeIfAbsent(account, key -> codec.fresh());
    }

    LogPosition position() {
        return new LogPosition("g", 0, events);
    }

    private FeatureMatrix vectors(int count) {
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        double[] vector = new double[PLAN.size()];
        for (int i = 0; i < count; i++) {
            Transaction transaction = next();
            PLAN.apply(state(transaction.account()).features(), transaction, MerchantRisk.NONE, vector);
            rows.add(vector);
        }
        return rows;
    }

    /** Trains on the next rows and calibrates on those behind them. */
    Model train(int trainingRows, int calibrationRows) {
        return model(PLAN, vectors(trainingRows), vectors(calibrationRows));
    }

    /** A model of a plan with the default settings, fitted on some rows and calibrated on others. */
    static Model model(FeaturePlan plan, FeatureMatrix rows, FeatureMatrix later) {
        var config = ConfigFactory.load();
        ModelManifest.Plan of = new ModelManifest.Plan(
                plan.name(),
                plan.fingerprint(),
                plan.features().stream().map(feature -> feature.name()).toList());
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, plan.name()), of, rows, 42);
        double[] scores = score.raw(later);
        AlertSettings settings = AlertSettings.read(config);
        return Model.of(
                score,
                new Model.Decided(
                        of,
                        Calibration.fit(scores),
                        settings.terms(settings.withoutLabels().threshold(scores, new boolean[0])),
                        new ModelManifest.Origin(
                                "test", 42, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }

    /** Detects on the next events and tells each with its alert, or null. */
    void detect(int count, Model model, BiConsumer<Transaction, List<Alert>> each) {
        Detector detector = new Detector(PLAN);
        DetectionContext context = context(model);
        for (int i = 0; i < count; i++) {
            Transaction transaction = next();
            Alert alert = detector.detect(state(transaction.account()), transaction, position(), context);
            each.accept(transaction, alert == null ? List.of() : List.of(alert));
        }
    }

    static DetectionContext context(Model model) {
        return new DetectionContext(new ContextRef(model.manifest().version(), 0), model, MerchantRisk.NONE);
    }
}
