package io.outrider.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturePlanTest {

    /** A Sunday, ten to three at night. */
    private static final long START = Instant.parse("2026-03-01T02:50:00Z").toEpochMilli();

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final FeatureState state = plan.newState();
    private MerchantRisk risk = MerchantRisk.NONE;
    private int nextId;

    @Test
    void timeOfTheEventIsReadInUtc() {
        Vector first = apply(START, 10);
        assertThat(first.of("hour")).isEqualTo(2 + 50 / 60.0);
        assertThat(first.of("hour_sin")).isEqualTo(Math.sin(2 * Math.PI * (2 + 50 / 60.0) / 24), within(1e-12));
        assertThat(first.of("hour_cos")).isEqualTo(Math.cos(2 * Math.PI * (2 + 50 / 60.0) / 24), within(1e-12));
        assertThat(first.of("night")).isEqualTo(1);
        assertThat(first.of("weekend")).isEqualTo(1);
        Vector monday = apply(START + DAY + 12 * HOUR, 10);
        assertThat(monday.of("night")).isZero();
        assertThat(monday.of("weekend")).isZero();
    }

    @Test
    void nothingOfThePastIsKnownAtTheFirstEvent() {
        Vector first = apply(START, 100);
        assertThat(first.of("events")).isZero();
        assertThat(first.of("confidence")).isZero();
        assertThat(first.of("count_1h")).isEqualTo(1);
        assertThat(first.of("mean_30d")).isEqualTo(100);
        for (String name : List.of(
                "amount_z",
                "amount_robust_z",
                "amount_to_mean",
                "amount_to_max",
                "amount_to_median",
                "seconds_since_last",
                "account_mean",
                "account_median",
                "amount_relative_z",
                "seconds_since_surge",
                "merchant_volume_1d")) {
            assertThat(first.of(name)).as(name).isNaN();
        }
        assertThat(first.of("amount_z_shrunk"))
                .as("against the population alone")
                .isEqualTo((100 - 60) / 40.0);
        assertThat(first.of("amount_robust_z_shrunk")).isEqualTo((100 - 60) / 40.0);
    }

    @Test
    void windowsCountWhatLiesInThemAndTheEventItself() {
        apply(START, 10);
        apply(START + 50 * MINUTE, 20);
        Vector soon = apply(START + 59 * MINUTE, 30);
        assertThat(soon.of("count_1h")).isEqualTo(3);
        assertThat(soon.of("mean_1h")).isEqualTo(20);
        Vector later = apply(START + 3 * HOUR, 40);
        assertThat(later.of("count_1h")).isEqualTo(1);
        assertThat(later.of("count_24h")).isEqualTo(4);
        assertThat(later.of("mean_24h")).isEqualTo(25);
        Vector nextWeek = apply(START + 6 * DAY, 50);
        assertThat(nextWeek.of("count_24h")).isEqualTo(1);
        assertThat(nextWeek.of("count_7d")).isEqualTo(5);
        Vector nextYear = apply(START + 365 * DAY, 60);
        assertThat(nextYear.of("count_30d")).isEqualTo(1);
        assertThat(state.windows())
                .extracting(WindowSummary::window)
                .containsExactly(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));
        assertThat(state.windows()).extracting(WindowSummary::count).containsOnly(1L);
        assertThat(state.windows()).extracting(WindowSummary::mean).containsOnly(60.0);
    }

    @Test
    void aLateEventInsideAWindowLandsInItsBucket() {
        apply(START, 10);
        apply(START + 2 * DAY, 20);
        Vector late = apply(START + 12 * HOUR, 30);
        assertThat(late.of("count_1h"))
                .as("the hour that ends at the newest event")
                .isEqualTo(1);
        assertThat(late.of("count_7d")).isEqualTo(3);
        assertThat(late.of("seconds_since_last")).isZero();
        assertThat(state.late()).isZero();
        assertThat(apply(START + 2 * DAY, 40).of("count_24h")).isEqualTo(2);
        assertThat(state.lastEventTimeMs()).isEqualTo(START + 2 * DAY);
        assertThat(state.firstEventTimeMs()).isEqualTo(START);
    }

    @Test
    void anEventOlderThanEveryWindowIsScoredAndCountedAndLeavesWindowsAlone() {
        apply(START, 10);
        List<WindowSummary> before = state.windows();
        Vector late = apply(START - 33 * DAY, 5000);
        assertThat(late.of("amount_to_mean")).isEqualTo(500);
        assertThat(state.windows()).isEqualTo(before);
        assertThat(state.usualAmount()).isEqualTo(10);
        assertThat(state.late()).isEqualTo(1);
        assertThat(state.events()).isEqualTo(2);
        assertThat(state.amountTotal()).isEqualTo(5010);
        assertThat(state.firstEventTimeMs()).isEqualTo(START - 33 * DAY);
    }

    @Test
    void deviationsAreMeasuredAgainstThePastOnly() {
        double[] past = {10, 12, 9, 11, 13, 10, 50};
        for (int i = 0; i < past.length; i++) {
            apply(START + i * HOUR, past[i]);
        }
        Vector v = apply(START + 7 * HOUR, 100);
        double mean = 115 / 7.0;
        double variance = 0;
        for (double a : past) {
            variance += (a - mean) * (a - mean) / past.length;
        }
        assertThat(v.of("account_mean")).isEqualTo(mean, within(1e-9));
        assertThat(v.of("amount_z")).isEqualTo((100 - mean) / Math.sqrt(variance), within(1e-9));
        assertThat(v.of("account_median")).isEqualTo(11);
        assertThat(v.of("amount_robust_z"))
                .as("median 11, deviations 0 1 1 1 2 2 39")
                .isEqualTo(89 / 1.4826, within(1e-9));
        assertThat(v.of("amount_to_max")).isEqualTo(2);
        assertThat(v.of("amount_to_median")).isEqualTo(100 / 11.0);
        assertThat(v.of("amount_relative_z")).isEqualTo(89 / 4.4, within(1e-9));
        assertThat(v.of("confidence")).isEqualTo(7 / 12.0);
    }

    @Test
    void withFewEventsHalfTheMeanStandsForTheDeviation() {
        apply(START, 10);
        apply(START + HOUR, 10);
        assertThat(apply(START + 2 * HOUR, 30).of("amount_z")).isEqualTo(4);
    }

    @Test
    void shrinkingFadesAsAnAccountGrowsOlder() {
        List<Double> distance = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Vector v = apply(START + i * HOUR, 490 + i % 21);
            distance.add(Math.abs(v.of("amount_robust_z_shrunk")
                    - (Double.isNaN(v.of("amount_robust_z")) ? 0 : v.of("amount_robust_z"))));
        }
        assertThat(distance.get(199)).isLessThan(1.6);
        assertThat(distance.get(0)).isGreaterThan(10);
    }

    @Test
    void recentSurgesAreCounted() {
        for (int i = 0; i < 10; i++) {
            apply(START + i * HOUR, 10);
        }
        apply(START + DAY, 100);
        Vector v = apply(START + 2 * DAY, 10);
        assertThat(v.of("surges_7d")).isEqualTo(1);
        assertThat(v.of("surges_14d")).isEqualTo(1);
        assertThat(v.of("seconds_since_surge")).isEqualTo(86_400);
        Vector later = apply(START + 10 * DAY, 10);
        assertThat(later.of("surges_7d")).isZero();
        assertThat(later.of("surges_14d")).isEqualTo(1);
    }

    @Test
    void namesAreNewOnceAndMissingWhereTheEventHasNone() {
        Vector first = apply(event(START, 1, "m1", "d1", "n1"));
        assertThat(first.of("first_at_merchant")).isEqualTo(1);
        assertThat(first.of("first_on_device")).isEqualTo(1);
        assertThat(first.of("first_from_network")).isEqualTo(1);
        Vector again = apply(event(START + 1, 1, "m1", "d1", "n2"));
        assertThat(again.of("first_at_merchant")).isZero();
        assertThat(again.of("first_on_device")).isZero();
        assertThat(again.of("first_from_network")).isEqualTo(1);
        Vector none = apply(event(START + 2, 1, null, null, null));
        assertThat(none.of("first_at_merchant")).isNaN();
        assertThat(none.of("first_on_device")).isNaN();
        assertThat(none.of("device_switches")).isNaN();
    }

    @Test
    void distinctMerchantsAreCountedOverADayUpToTheMemory() {
        for (int i = 0; i < 5; i++) {
            apply(event(START + i, 1, "m" + i % 3, null, null));
        }
        assertThat(apply(event(START + HOUR, 1, "m9", null, null)).of("distinct_merchants_24h"))
                .isEqualTo(4);
        assertThat(apply(event(START + 2 * DAY, 1, "m0", null, null)).of("distinct_merchants_24h"))
                .isEqualTo(1);
        Vector v = apply(event(START + 3 * DAY, 1, "x", null, null));
        for (int i = 0; i < 100; i++) {
            v = apply(event(START + 3 * DAY + i, 1, "x" + i, null, null));
        }
        assertThat(v.of("distinct_merchants_24h")).isEqualTo(48);
    }

    @Test
    void aMerchantUsedLongAgoIsForgottenOnlyOnceTheMemoryIsFullOfNewerOnes() {
        apply(event(START, 1, "regular", null, null));
        for (int i = 0; i < 47; i++) {
            apply(event(START + i, 1, "other" + i, null, null));
        }
        assertThat(apply(event(START + 50, 1, "regular", null, null)).of("first_at_merchant"))
                .isZero();
        for (int i = 0; i < 48; i++) {
            apply(event(START + 60 + i, 1, "another" + i, null, null));
        }
        assertThat(apply(event(START + 200, 1, "regular", null, null)).of("first_at_merchant"))
                .isEqualTo(1);
    }

    @Test
    void deviceSwitchesAreCountedOverTheLastEvents() {
        for (String device : List.of("a", "a", "b", "a", "a")) {
            apply(event(START, 1, null, device, null));
        }
        assertThat(apply(event(START, 1, null, "c", null)).of("device_switches"))
                .isEqualTo(3);
        for (int i = 0; i < 8; i++) {
            apply(event(START, 1, null, "c", null));
        }
        assertThat(apply(event(START, 1, null, "c", null)).of("device_switches"))
                .isZero();
    }

    @Test
    void aRepeatedIdIsNoticed() {
        Transaction event = event(START, 1, null, null, null);
        assertThat(apply(event).of("repeated_id")).isZero();
        assertThat(apply(event).of("repeated_id")).isEqualTo(1);
    }

    @Test
    void whatIsKnownOfTheMerchantAndTheAccountArrives() {
        var ledger = new MerchantRiskLedger(100);
        ledger.transaction("m", START - 2 * DAY);
        ledger.transaction("m", START - HOUR);
        ledger.verdict(new Verdict("x", "m", START - 9 * DAY, false, START - 2 * DAY));
        ledger.verdict(new Verdict("account", "m", START - 8 * DAY, true, START - HOUR));
        ledger.verdict(new Verdict("x", "m", START - 7 * DAY, true, START + HOUR));
        ledger.advanceTo(START);
        risk = ledger;
        Vector v = apply(event(START, 1, "m", null, null));
        assertThat(v.of("merchant_volume_1d")).isEqualTo(1);
        assertThat(v.of("merchant_volume_7d")).isEqualTo(2);
        assertThat(v.of("merchant_verdicts_1d")).isEqualTo(1);
        assertThat(v.of("merchant_verdicts_30d")).isEqualTo(2);
        assertThat(v.of("merchant_fraud_share_1d")).isEqualTo(1);
        assertThat(v.of("merchant_fraud_share_7d")).isEqualTo(0.5);
        assertThat(v.of("merchant_risk_7d")).isEqualTo((1 + 5 * (1.5 / 102)) / 7, within(1e-12));
        assertThat(v.of("merchant_fraud_run")).isEqualTo(1);
        assertThat(v.of("merchant_run_age")).isEqualTo(8 * 86_400);
        assertThat(v.of("merchant_run_age_upper")).isEqualTo(9 * 86_400);
        assertThat(v.of("merchant_seconds_since_fraud")).isEqualTo(8 * 86_400);
        assertThat(v.of("merchant_seconds_since_genuine")).isEqualTo(9 * 86_400);
        assertThat(v.of("account_frauds_1d")).isEqualTo(1);
        assertThat(v.of("account_seconds_since_fraud")).isEqualTo(8 * 86_400);
        Vector other = apply(event(START, 1, "unheard-of", null, null));
        assertThat(other.of("merchant_risk_7d")).isNaN();
    }

    @Test
    void valuesStayFiniteWhateverTheAmounts() {
        for (double amount :
                new double[] {Double.MAX_VALUE, Double.MAX_VALUE, 0, Double.MIN_VALUE, 1e300, Double.MAX_VALUE}) {
            for (double value : apply(START, amount).values()) {
                assertThat(Double.isInfinite(value)).isFalse();
            }
            assertThat(plan.encode(plan.decode(plan.encode(state)))).isEqualTo(plan.encode(state));
        }
        assertThat(state.amountTotal()).isEqualTo(Double.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "network-access", "sensor"})
    void noPlanComputesAnInfiniteValue(String name) {
        FeaturePlan each = FeaturePlan.named(name);
        FeatureState account = each.newState();
        double[] vector = new double[each.size()];
        for (double amount : new double[] {0, Double.MIN_VALUE, Double.MAX_VALUE, 0, 1e300, Double.MAX_VALUE}) {
            each.apply(account, event(START, amount, null, null, null), MerchantRisk.NONE, vector);
            for (double value : vector) {
                assertThat(Double.isInfinite(value)).isFalse();
            }
        }
    }

    @Test
    void theTotalIsCompensated() {
        apply(START, 1e16);
        for (int i = 0; i < 1000; i++) {
            apply(START, 0.1);
        }
        assertThat(state.amountTotal()).isEqualTo(1e16 + 100);
    }

    @Test
    void wordsAreNoPartOfTheFingerprintAndEverythingElseIs() {
        var config = ConfigFactory.parseResources("plans/transactions.conf").resolve();
        var reworded = config.root()
                .render()
                .replace("amount over the account's mean", "so many times the mean")
                .replace("\"subject\" : \"account\"", "\"subject\" : \"card\"");
        var wider = config.root().render().replace("\"merchants\" : 48", "\"merchants\" : 49");
        assertThat(FeaturePlan.compile(ConfigFactory.parseString(reworded)).fingerprint())
                .isEqualTo(plan.fingerprint());
        assertThat(FeaturePlan.compile(ConfigFactory.parseString(reworded))
                        .words()
                        .subject())
                .isEqualTo("card");
        assertThat(FeaturePlan.compile(ConfigFactory.parseString(wider)).fingerprint())
                .isNotEqualTo(plan.fingerprint());
        assertThat(plan.fingerprint()).matches("[0-9a-f]{32}");
    }

    @Test
    void anUnknownPlanIsNamed() {
        assertThatThrownBy(() -> FeaturePlan.named("horoscope"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no feature plan is named 'horoscope', there are network-access, sensor, transactions");
    }

    @ParameterizedTest
    @FieldSource("io.outrider.core.feature.FeaturePlan#BUILT_IN")
    void aBuiltInPlanHasTheNameItIsFoundBy(String name) {
        assertThat(FeaturePlan.named(name).name()).isEqualTo(name);
    }

    private Vector apply(long timeMs, double amount) {
        return apply(event(timeMs, amount, null, null, null));
    }

    private Vector apply(Transaction event) {
        double[] values = new double[plan.size()];
        plan.apply(state, event, risk, values);
        return new Vector(plan, values);
    }

    private Transaction event(
            long timeMs, double amount, @Nullable String merchant, @Nullable String device, @Nullable String network) {
        return new Transaction("id" + nextId++, "account", amount, timeMs, merchant, device, network, null, null);
    }

    private record Vector(FeaturePlan plan, double[] values) {
        double of(String name) {
            for (int i = 0; i < values.length; i++) {
                if (plan.features().get(i).name().equals(name)) {
                    return values[i];
                }
            }
            throw new AssertionError("no feature " + name);
        }
    }
}
