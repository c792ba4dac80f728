package io.outrider.core.drift;

import static io.outrider.core.drift.DriftFixture.DETECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import io.outrider.core.model.SplitMix;
import io.outrider.core.risk.MerchantRisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Accounts of which nothing is known yet, in a world without change, with the vectors of the default plan. */
class YoungSystemTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final List<Watched> COLUMNS = Watched.of(PLAN);
    private static final long DAY_MS = 86_400_000L;
    private static final int ACCOUNTS = 200;
    private static final int A_DAY = 2_000;

    private final SplitMix random = new SplitMix(3);
    private final Map<String, FeatureState> accounts = new HashMap<>();
    private int number;

    @Test
    void featuresWhoseHistoryOnlyFillsAreNoDriftAndThoseOfTheEventAreStillTested() {
        Reference reference = reference();
        Period made = new Period(DriftCounts.of(reference), 35 * DAY_MS);
        accounts.clear();
        Period first = day(reference, 0, 1);
        List<Watched> unguarded =
                DriftFixture.columns(COLUMNS.stream().map(Watched::name).toList());
        assertThat(DETECTOR.test(unguarded, first, List.of(), made).drifted())
                .as("what a detector finds that knows nothing of histories")
                .contains("events", "count_30d", "first_at_merchant");

        Period half = new Period(day(reference, 0, 1).counts(), -DAY_MS / 2);
        assertThat(DETECTOR.test(COLUMNS, half, List.of(), made).untested())
                .as("half a day")
                .containsKeys("hour", "night", "count_1h")
                .doesNotContainKeys("amount", "log_amount");
        accounts.clear();

        for (int day = 1; day < 28; day++) {
            Period today = day(reference, day, 1);
            DriftDetector.Findings found = DETECTOR.test(COLUMNS, today, List.of(), made);
            assertThat(found.drifted()).as("day " + day).isEmpty();
            assertThat(found.untested()).containsKeys("events", "weekend", "count_30d", "raw_score");
        }
        DriftDetector.Findings dearer = DETECTOR.test(COLUMNS, day(reference, 28, 3), List.of(), made);
        assertThat(dearer.drifted()).contains("log_amount");
    }

    @Test
    void aWindowIsTestedOnceTheHistoryIsAsLongAsItAndALifetimeCountNever() {
        Reference reference = reference();
        Period made = new Period(DriftCounts.of(reference), 35 * DAY_MS);
        accounts.clear();
        Period third = null;
        for (int day = 0; day <= 40; day++) {
            Period today = day(reference, day, 1);
            third = day == 3 ? today : third;
            if (day == 40) {
                assertThat(DETECTOR.test(COLUMNS, today, List.of(), made).untested())
                        .containsOnlyKeys("events", "merchant_known_total", "weekend");
            }
        }
        assertThat(DETECTOR.test(COLUMNS, Objects.requireNonNull(third), List.of(), made)
                        .untested())
                .containsKeys("count_7d", "count_30d")
                .doesNotContainKeys("count_1h", "count_24h", "amount");
    }

    /** Of accounts that have lived for 35 days. */
    private Reference reference() {
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        List<Double> scores = new ArrayList<>();
        for (int day = -40; day < 0; day++) {
            for (int i = 0; i < A_DAY; i++) {
                double[] vector = vector(day, i, 1);
                if (day >= -5) {
                    rows.add(vector);
                    scores.add(score(vector));
                }
            }
        }
        return Reference.of(
                PLAN.features().stream().map(feature -> feature.name()).toList(),
                rows,
                scores.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private Period day(Reference reference, int day, double factor) {
        List<Histogram> bins = DriftCounts.columns(reference);
        List<long[]> columns = new ArrayList<>(DriftCounts.none(reference).columns());
        for (int i = 0; i < A_DAY; i++) {
            double[] vector = vector(day, i, factor);
            for (int column = 0; column <= vector.length; column++) {
                double value = column < vector.length ? vector[column] : score(vector);
                long[] counts = columns.get(column);
                counts[
                        Double.isNaN(value)
                                ? counts.length - 1
                                : bins.get(column).bin(value)]++;
            }
        }
        return new Period(new DriftCounts(A_DAY, columns, Map.of()), day * DAY_MS);
    }

    private static double score(double[] vector) {
        return vector[
                PLAN.features().stream().map(feature -> feature.name()).toList().indexOf("events")];
    }

    private double[] vector(int day, int i, double factor) {
        String account = "a" + random.nextInt(ACCOUNTS);
        double amount = factor * 50 * StrictMath.exp(random.nextDouble() - 0.5);
        String merchant = "m" + (int) (60 * random.nextDouble() * random.nextDouble());
        long timeMs = 1_750_000_000_000L / DAY_MS * DAY_MS + day * DAY_MS + i * (DAY_MS / A_DAY);
        Transaction event =
                new Transaction("t" + number++, account, amount, timeMs, merchant, "phone", null, null, null);
        double[] vector = new double[PLAN.size()];
        PLAN.apply(accounts.computeIfAbsent(account, any -> PLAN.newState()), event, MerchantRisk.NONE, vector);
        return vector;
    }
}
