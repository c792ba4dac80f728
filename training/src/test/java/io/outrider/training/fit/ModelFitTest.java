package io.outrider.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.SplitMix;
import io.outrider.core.pace.Pace;
import io.outrider.lake.model.ModelFiles;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On a hundred hours of made-up rows, of which labels are known up to the eightieth hour; so the last quarter begins with the sixtieth. */
class ModelFitTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final long HOUR_MS = 3_600_000;
    private static final int A_HOUR = 10;
    private static final Config CONFIG = ConfigFactory.parseString("""
            outrider.model.recipes.transactions.forest { trees = 5, sample-size = 64 }
            outrider.training.boosting { trees = 5, min-rows = 5 }
            """).withFallback(ConfigFactory.load());
    private static final TrainingSettings SETTINGS = TrainingSettings.read(CONFIG);

    /** Frauds, one in ten, and genuine rows have their label if their hour is among these. */
    private static TrainingRows rows(int fraudsFrom, int fraudsUntil, int genuineFrom, int genuineUntil) {
        return rows(1.5, fraudsFrom, fraudsUntil, genuineFrom, genuineUntil);
    }

    /** Frauds' features are so many times as large. */
    private static TrainingRows rows(double surge, int fraudsFrom, int fraudsUntil, int genuineFrom, int genuineUntil) {
        TrainingRows rows = new TrainingRows(PLAN.size(), new TrainingRows.Known(0, 80 * HOUR_MS), SETTINGS);
        SplitMix random = new SplitMix(3);
        double[] vector = new double[PLAN.size()];
        for (int i = 0; i < 100 * A_HOUR; i++) {
            boolean fraud = i % A_HOUR == 7;
            int hour = i / A_HOUR;
            boolean known =
                    fraud ? hour >= fraudsFrom && hour < fraudsUntil : hour >= genuineFrom && hour < genuineUntil;
            Arrays.setAll(vector, column -> random.nextDouble() * (fraud ? surge : 1));
            rows.add(vector, event(i, known ? fraud : null));
        }
        return rows;
    }

    private static Transaction event(int number, @Nullable Boolean fraud) {
        return new Transaction("t" + number, "a", 1, number * HOUR_MS / A_HOUR, null, null, null, null, fraud);
    }

    private static FittedModel fit(TrainingRows rows, ModelKind kind) {
        return new ModelFit(SETTINGS, PLAN, 1, Pace.FULL).fit(rows, kind);
    }

    @Test
    void withoutLabelsOfBothKindsEarlyAndLateNoSupervisedModelIsFitted() {
        assertThat(fit(rows(0, 80, 0, 80), ModelKind.BY_LABELS).kind()).isEqualTo(ModelKind.SUPERVISED);
        assertForest(rows(0, 60, 0, 60), "60 frauds and 540 genuine events before 1970-01-03T12:00:00Z, and 0 and 0");
        assertForest(rows(0, 60, 0, 80), "and 0 and ");
        assertForest(rows(0, 80, 0, 60), " and 0 from then until 1970-01-04T08:00:00Z");
        assertForest(rows(60, 80, 0, 80), "there are 0 frauds and 540 genuine events before");
        assertForest(rows(0, 0, 0, 0), "there are 0 frauds and 0 genuine events before");
    }

    @Test
    void labelsThatAreAllKnownTooLateAreToldSo() {
        TrainingRows rows = new TrainingRows(PLAN.size(), new TrainingRows.Known(80 * HOUR_MS, 70 * HOUR_MS), SETTINGS);
        rows.add(new double[PLAN.size()], event(85 * A_HOUR, true));
        assertThatThrownBy(() -> fit(rows, ModelKind.SUPERVISED))
                .hasMessageEndingWith(": no label of the training days is known when the test begins: they begin at"
                        + " 1970-01-04T08:00:00Z, and labels are known of events until 1970-01-03T22:00:00Z");
        TrainingRows none = new TrainingRows(PLAN.size(), TrainingRows.Known.NOTHING, SETTINGS);
        none.add(new double[PLAN.size()], event(85 * A_HOUR, true));
        assertThatThrownBy(() -> fit(none, ModelKind.SUPERVISED))
                .hasMessageEndingWith(": no label of the training days is known when the test begins");
    }

    @Test
    void aSupervisedModelsOriginIsAllThatItWasFittedOnAndNotTheQuarterOfItsThreshold() {
        ModelManifest.Origin origin =
                fit(rows(0, 80, 0, 80), ModelKind.SUPERVISED).model().manifest().origin();
        assertThat(origin.dataFrom()).isEqualTo(Instant.EPOCH);
        assertThat(origin.dataTo()).isEqualTo(Instant.ofEpochMilli(799 * HOUR_MS / A_HOUR));
        assertThat(origin.rows()).isEqualTo(800);
    }

    @Test
    void aTargetOfPrecisionThatIsNotReachedIsNoted() {
        assertThat(fitFor(0.5, rows(1.5, 0, 80, 0, 80)).notes()).isEmpty();
        FittedModel fitted = fitFor(0.9, rows(1, 0, 80, 0, 80));
        assertThat(fitted.kind()).isEqualTo(ModelKind.SUPERVISED);
        assertThat(fitted.notes())
                .singleElement()
                .asString()
                .startsWith("no threshold reaches outrider.alert.target-precision, 0.9,");
    }

    private static FittedModel fitFor(double targetPrecision, TrainingRows rows) {
        TrainingSettings settings =
                TrainingSettings.read(ConfigFactory.parseMap(Map.of("outrider.alert.target-precision", targetPrecision))
                        .withFallback(CONFIG));
        return new ModelFit(settings, PLAN, 1, Pace.FULL).fit(rows, ModelKind.SUPERVISED);
    }

    @Test
    void aForestIsCalibratedOnItsNewestFifthOrWhatOfItIsNewEnough() {
        HashedRows all = new HashedRows(2_000, 1);
        SplitMix random = new SplitMix(3);
        for (int i = 0; i < 100 * A_HOUR; i++) {
            double[] vector = new double[PLAN.size()];
            Arrays.setAll(vector, column -> random.nextDouble());
            all.add(new HashedRows.Row(0, i, i * HOUR_MS / A_HOUR, null, Long.MAX_VALUE, vector));
        }
        assertThat(calibratedOn(all.sample(), Long.MIN_VALUE)).isEqualTo(200);
        assertThat(calibratedOn(all.sample(), 70 * HOUR_MS)).isEqualTo(200);
        assertThat(calibratedOn(all.sample(), 90 * HOUR_MS)).isEqualTo(100);
    }

    private static long calibratedOn(HashedRows.Sample all, long calibrateFromMs) {
        HashedRows.Sample none = new HashedRows(2, 1).sample();
        TrainingRows rows = new TrainingRows(
                PLAN.size(),
                TrainingRows.Known.NOTHING,
                calibrateFromMs,
                all,
                new TrainingRows.Labelled(none, none, none));
        return Objects.requireNonNull(
                        fit(rows, ModelKind.FOREST).model().manifest().reference())
                .rows();
    }

    @Test
    void aCodeVersionMakesTheModelsThatItAlwaysMade() throws Exception {
        assertThat(ModelFit.CODE_VERSION
                        + " " + digest(fit(rows(0, 80, 0, 80), ModelKind.FOREST))
                        + " " + digest(fit(rows(0, 80, 0, 80), ModelKind.SUPERVISED)))
                .as("code version and what it makes: where the rest changes, so must the first, then all here")
                .isEqualTo(
                        "3 5841c70bba4d0a1ad6f1f637834971c84e68385aa9e9bf995ed93e9c90f6f51b 3229c867427ae5629a81cda073e4a772037a0528780ee99be02f93aebaa50bda");
    }

    private static String digest(FittedModel fitted) throws Exception {
        ModelFiles.Content content = ModelFiles.content(fitted.model());
        MessageDigest made = MessageDigest.getInstance("SHA-256");
        made.update(content.trees());
        made.update(content.manifest());
        return HexFormat.of().formatHex(made.digest());
    }

    private static void assertForest(TrainingRows rows, String counts) {
        assertThat(fit(rows, ModelKind.BY_LABELS).kind()).isEqualTo(ModelKind.FOREST);
        assertThatThrownBy(() -> fit(rows, ModelKind.SUPERVISED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a supervised model needs frauds and genuine events")
                .hasMessageContaining(counts);
    }
}
