package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.alert.Receipt;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.port.LabelledTransactions.Labelled;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.rollout.LabelReport;
import io.outrider.core.rollout.LabelReport.Hits;
import io.outrider.detection.Models;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two real models, asked about vectors that people have labelled. */
class LabelledPrecisionTest {

    private static final FeaturePlan PLAN = Models.PLAN;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final Models models = new Models(history(400), List.of(0.02, 0.5));
    private final List<Labelled> labelled = new ArrayList<>();
    private final LabelledPrecision precision = new LabelledPrecision(
            (back, taker) -> {
                assertThat(back).isEqualTo(Duration.ofDays(35));
                labelled.forEach(taker);
            },
            models,
            Clock.systemUTC());

    @Test
    void bothModelsAreAskedAboutTheSameLabelledTransactionsThatNeitherWasTrainedOn() throws IOException {
        Model strict = models.load(models.versions().get(0));
        Model lax = models.load(models.versions().get(1));
        long trainedTo = strict.manifest().origin().dataTo().toEpochMilli();
        Hits[] expected = {Hits.NONE, Hits.NONE};
        List<double[]> vectors = vectors(300);
        for (int i = 0; i < vectors.size(); i++) {
            boolean fraud = i % 3 == 0;
            labelled.add(one(
                    vectors.get(i),
                    trainedTo + 1 + i,
                    true,
                    fraud,
                    strict.manifest().version()));
            labelled.add(one(
                    vectors.get(i), trainedTo - i, true, true, strict.manifest().version()));
            expected[0] = alerts(strict, vectors.get(i)) ? expected[0].with(fraud) : expected[0];
            expected[1] = alerts(lax, vectors.get(i)) ? expected[1].with(fraud) : expected[1];
        }

        LabelReport report =
                precision.compare(strict.manifest().version(), lax.manifest().version());

        assertThat(report.labelled()).isEqualTo(300);
        assertThat(report.sinceMs()).isEqualTo(trainedTo);
        assertThat(report.champion()).isEqualTo(expected[0]);
        assertThat(report.challenger()).isEqualTo(expected[1]);
        assertThat(report.challenger().alerts()).isGreaterThan(report.champion().alerts());
        labelled.clear();
        assertThat(precision.compare(strict.manifest().version(), lax.manifest().version()))
                .as("the gate asks often, the store is read once a minute")
                .isSameAs(report);
    }

    @Test
    void precisionHasFallenWhereTheNewestWeeksIntervalLiesBelowThatOfTheWeeksBefore() throws IOException {
        Model model = models.load(models.versions().get(0));
        String version = model.manifest().version();
        double[] vector = vectors(1).get(0);
        long now = 100 * DAY_MS;
        for (int i = 0; i < 40; i++) {
            labelled.add(one(vector, now - 20 * DAY_MS, true, i < 30, version));
        }
        assertThat(precision.change(model.manifest())).isNull();
        for (int i = 0; i < 30; i++) {
            labelled.add(one(vector, now, true, i < 20, version));
            labelled.add(one(vector, now, false, true, version));
            labelled.add(one(vector, now, true, false, "another"));
        }
        PrecisionChange usual = precision.change(model.manifest());
        assertThat(usual)
                .isNotNull()
                .satisfies(change -> assertThat(change.fallen()).isFalse());
        for (int i = 0; i < 90; i++) {
            labelled.add(one(vector, now, true, i < 10, version));
        }
        PrecisionChange fallen = precision.change(model.manifest());
        assertThat(fallen).isNotNull().satisfies(change -> {
            assertThat(change.fallen()).isTrue();
            assertThat(change.recentLabels()).isEqualTo(120);
            assertThat(change.beforeLabels()).isEqualTo(40);
            assertThat(change.recent().value()).isEqualTo(0.25);
        });
    }

    private static boolean alerts(Model model, double[] vector) {
        return model.isAnomalous(model.raw(vector, FusedScore.scratch(vector.length)));
    }

    private static Labelled one(double[] vector, long timeMs, boolean alerted, boolean fraud, String version) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < vector.length; i++) {
            values.put(PLAN.features().get(i).name(), vector[i]);
        }
        return new Labelled(
                new Receipt(
                        new LogPosition("g", 0, 1),
                        new ContextRef(version, 0),
                        PLAN.fingerprint(),
                        Collections.unmodifiableMap(values)),
                timeMs,
                alerted,
                fraud);
    }

    private static List<double[]> vectors(int count) {
        List<double[]> all = new ArrayList<>();
        var state = PLAN.newState();
        for (Transaction transaction : history(count)) {
            double[] vector = new double[PLAN.size()];
            PLAN.apply(state, transaction, MerchantRisk.NONE, vector);
            all.add(vector);
        }
        return all;
    }

    private static List<Transaction> history(int count) {
        List<Transaction> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double amount = i % 20 == 0 ? 900 + i : 20 + i % 13;
            all.add(new Transaction(
                    "t" + i, "a", amount, 1_700_000_000_000L + i * 3_600_000L, "m" + i % 7, null, null, null, null));
        }
        return all;
    }
}
