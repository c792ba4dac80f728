package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.feature.FullMemories;
import io.outrider.core.feature.WindowSummary;
import io.outrider.core.risk.MerchantRisk;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReasonsTest {

    private static final long TIME_MS = Instant.parse("2026-03-01T03:12:00Z").toEpochMilli();

    private static final long MONTH_MS = Duration.ofDays(30).toMillis();
    private static final FeaturePlan TRANSACTIONS = FeaturePlan.named("transactions");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transactions|amount_robust_z_shrunk|11.3|amount 912.40 is 11.3 robust deviations above what is usual for this account and others like it (this account's median 61.20)",
                "transactions|amount_robust_z|11.3|amount 912.40 is 11.3 robust deviations above this account's median 61.20",
                "transactions|amount_relative_z|11.3|amount 912.40 is 11.3 deviations above this account's median 61.20",
                "transactions|amount_z|7|amount 912.40 is 7 standard deviations above this account's mean",
                "transactions|amount_to_max|0.9|amount 912.40 is 14.0 times this account's highest so far",
                "transactions|amount_to_mean|12|amount 912.40 is 12.2 times this account's mean",
                "transactions|amount_to_median|14|amount 912.40 is 14.9 times this account's median 61.20",
                "transactions|merchant_risk_7d|0.17|smoothed share of frauds at the merchant within 7 days is 0.17 (m-9)",
                "transactions|merchant_fraud_share_7d|0.5|confirmed frauds over verdicts within 7 days is 0.50 (m-9)",
                "transactions|amount|912.4|amount 912.40, where this account's median is 61.20",
                "transactions|first_at_merchant|1|first time at this merchant (m-9)",
                "transactions|first_on_device|1|first time on this device (ios)",
                "transactions|seconds_since_last|12|12 s after this account's previous event",
                "transactions|count_1h|9|transactions within 1 hour is 9 transactions, on average 4 a day",
                "transactions|night|1|at 03:12 UTC",
                "transactions|weekend|1|on a Sunday",
                "network-access|bytes_robust_z_shrunk|11.3|transfer of 912 bytes is 11.3 robust deviations above what is usual for this user and others like it (this user's median 61 bytes)",
                "network-access|bytes_relative_z|115|transfer of 912 bytes is 115 deviations above this user's median 61 bytes",
                "network-access|log_bytes|3|transfer of 912 bytes, where this user's median is 61 bytes",
                "network-access|first_at_host|1|first time on this host (m-9)",
                "network-access|first_from_network|1|first time from this address (10.0.0.7)",
                "network-access|seconds_since_last|0.5|0.50 s after this user's previous event",
                "sensor|value_robust_z_shrunk|-4.2|reading 912.40 is 4.20 robust deviations below what is usual for this sensor and others like it (this sensor's median 61.20)",
                "sensor|value_relative_z|-4.2|reading 912.40 is 4.20 deviations below this sensor's median 61.20",
                "sensor|value_z_shrunk|7|reading 912.40 is 7 standard deviations above what is usual for this sensor and others like it (this sensor's mean 75.00)",
                "sensor|seconds_since_last|10800|3 hours after this sensor's previous event",
            })
    void aReasonIsToldInThePlansOwnWords(String plan, String feature, double value, String sentence) {
        assertThat(sentence(FeaturePlan.named(plan), feature, value)).isEqualTo(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"network-access", "sensor"})
    void nothingThatAnotherPlanSaysIsAboutAnAccount(String name) {
        FeaturePlan plan = FeaturePlan.named(name);
        for (Feature feature : plan.features()) {
            assertThat(sentence(plan, feature.name(), 1)).doesNotContain("account", "merchant", "transaction");
        }
    }

    @Test
    void whatIsNotKnownIsSaidToBeSo() {
        assertThat(sentence(FeaturePlan.named("sensor"), "seconds_since_last", Double.NaN))
                .isEqualTo("time since the reading before is not known");
    }

    @Test
    void anAmountThatIsTheMedianIsSetNeitherAboveNorBelowIt() {
        double[] amounts = {900, 900};
        assertThat(sentenceAfter(TRANSACTIONS, amounts, 900, "amount_robust_z_shrunk"))
                .matches("amount 900\\.00 is [0-9.]+ robust deviations above what is usual for this account and others"
                        + " like it \\(this account's median 900\\.00\\)");
        assertThat(sentenceAfter(TRANSACTIONS, amounts, 900, "amount_robust_z"))
                .isEqualTo("amount 900.00 is this account's median");
        assertThat(sentenceAfter(TRANSACTIONS, amounts, 900, "amount_z"))
                .isEqualTo("amount 900.00 is this account's mean");
        assertThat(sentenceAfter(TRANSACTIONS, new double[0], 900, "amount_robust_z_shrunk"))
                .endsWith("robust deviations above what is usual");
    }

    @ParameterizedTest
    @ValueSource(strings = {"network-access", "sensor", "transactions"})
    void whatLeavesRoomForTheUsualSizeTellsTheMedianOnceThereIsOne(String name) {
        FeaturePlan plan = FeaturePlan.named(name);
        String feature = plan.features().stream()
                .map(Feature::name)
                .filter(any -> any.endsWith("_relative_z"))
                .findFirst()
                .orElseThrow();
        assertThat(new Reasons(plan).tellsMedian(column(plan, feature))).isTrue();
        String its = "this " + plan.words().subject() + "'s median";
        assertThat(sentenceAfter(plan, new double[] {80, 100, 120}, 9_000_000, feature))
                .contains(" 9000000", " deviations above " + its + " 100");
        assertThat(sentenceAfter(plan, new double[] {80, 100, 120}, 1, feature))
                .contains("deviations below " + its + " 100");
        assertThat(sentenceAfter(plan, new double[] {100}, 100, feature)).endsWith(" is " + its);
        assertThat(sentenceAfter(plan, new double[0], 900, feature)).endsWith(" is not known");
    }

    @Test
    void timesAreThoseOfTheUsualAmountAlsoBelowTheFloor() {
        FeaturePlan plan = FeaturePlan.named("network-access"); // its floor is 1000 bytes
        assertThat(sentenceAfter(plan, new double[] {200, 100}, 900, "bytes_to_max"))
                .isEqualTo("transfer of 900 bytes is 4.50 times this user's highest so far");
        assertThat(sentenceAfter(plan, new double[] {200, 100}, 900, "bytes_to_mean"))
                .isEqualTo("transfer of 900 bytes is 6 times this user's mean");
        assertThat(sentenceAfter(plan, new double[] {0, 0}, 900, "bytes_to_max"))
                .isEqualTo("transfer of 900 bytes, where this user's highest so far is 0 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transactions|1e308|amount_relative_z|amount 1.0e308 is 3.4e38 deviations above this account's median 2.50",
                "transactions|1e308|amount_to_median|amount 1.0e308 is 4.0e307 times this account's median 2.50",
                "transactions|1e308|amount|amount 1.0e308, where this account's median is 2.50",
                "transactions|1e308|mean_1h|mean amount within 1 hour is 3.4e38, the median is 2.50",
                "transactions|1e15|amount|amount 1.0e15, where this account's median is 2.50",
                "transactions|999999999999999|amount|amount 999999999999999.00, where this account's median is 2.50",
                "network-access|2.56e18|log_bytes|transfer of 2.6e18 bytes, where this user's median is 3 bytes",
                "sensor|-1e300|value|reading -1.0e300, where this sensor's median is 2.50",
            })
    void whatIsHugeIsToldByItsMagnitude(String plan, double amount, String feature, String sentence) {
        assertThat(sentenceAfter(FeaturePlan.named(plan), new double[] {2.5}, amount, feature))
                .isEqualTo(sentence);
    }

    @Test
    void whatIsTooManyTimesTheUsualAmountIsSetBesideIt() {
        assertThat(sentenceAfter(TRANSACTIONS, new double[] {1e-5}, 1e308, "amount_to_max"))
                .isEqualTo("amount 1.0e308, where this account's highest so far is 0.00");
    }

    @Test
    void hugeAmountsOfOneMagnitudeAreNotCalledAlike() {
        assertThat(sentenceAfter(TRANSACTIONS, new double[] {1.01e20}, 1.04e20, "amount_robust_z"))
                .endsWith(" robust deviations above this account's median 1.0e20");
        assertThat(sentenceAfter(TRANSACTIONS, new double[] {1.01e20}, 1.01e20, "amount_robust_z"))
                .isEqualTo("amount 1.0e20 is this account's median");
    }

    @Test
    void aYoungAccountsRateIsThatOfItsOwnDays() {
        assertThat(sentence(TRANSACTIONS, "count_1h", 9, circumstances(7_200_000, TIME_MS, FullMemories.NONE)))
                .isEqualTo("transactions within 1 hour is 9 transactions");
        assertThat(sentence(TRANSACTIONS, "count_1h", 9, circumstances(2 * 86_400_000L, TIME_MS, FullMemories.NONE)))
                .isEqualTo("transactions within 1 hour is 9 transactions, on average 14 a day");
    }

    @Test
    void aLateEventCameBeforeTheNewest() {
        Circumstances late = circumstances(MONTH_MS, TIME_MS + 90_000, FullMemories.NONE);
        assertThat(sentence(TRANSACTIONS, "seconds_since_last", 0, late))
                .isEqualTo("90 s before this account's newest event");
    }

    @Test
    void whatMayHaveBeenForgottenIsNotCalledTheFirst() {
        Circumstances full = circumstances(MONTH_MS, TIME_MS - 1, new FullMemories(48, 8, 12));
        assertThat(sentence(TRANSACTIONS, "first_at_merchant", 1, full))
                .isEqualTo("m-9 is not among this account's last 48 merchants");
        assertThat(sentence(TRANSACTIONS, "first_on_device", 1, full))
                .isEqualTo("ios is not among this account's last 8 devices");
        assertThat(sentence(TRANSACTIONS, "first_from_network", 1, full))
                .isEqualTo("10.0.0.7 is not among this account's last 12 networks");
        assertThat(sentence(FeaturePlan.named("network-access"), "first_from_network", 1, full))
                .isEqualTo("10.0.0.7 is not among this user's last 12 addresses");
    }

    @Test
    void aMemoryIsFullOnceItHoldsAllItCan() {
        FeatureState state = TRANSACTIONS.newState();
        for (int i = 0; i < 12; i++) {
            assertThat(state.fullMemories()).isEqualTo(new FullMemories(0, i < 8 ? 0 : 8, 0));
            TRANSACTIONS.apply(state, event(1, i), MerchantRisk.NONE, new double[TRANSACTIONS.size()]);
        }
        assertThat(state.fullMemories()).isEqualTo(new FullMemories(0, 8, 12));
    }

    /** What is said of the last amount after others, a minute apart. */
    private static String sentenceAfter(FeaturePlan plan, double[] amounts, double amount, String feature) {
        FeatureState state = plan.newState();
        double[] vector = new double[plan.size()];
        for (int i = 0; i < amounts.length; i++) {
            plan.apply(state, event(amounts[i], i), MerchantRisk.NONE, vector);
        }
        Circumstances.Past before = new Circumstances.Past(
                state.usualAmount(), state.meanAmount(), state.largestAmount(), state.lastEventTimeMs());
        Transaction last = event(amount, amounts.length);
        plan.apply(state, last, MerchantRisk.NONE, vector);
        return new Reasons(plan).sentence(column(plan, feature), vector, Circumstances.of(last, before, state));
    }

    private static Transaction event(double amount, int minute) {
        return new Transaction(
                "t-" + minute,
                "a-1",
                amount,
                TIME_MS + minute * 60_000L,
                "m-" + minute,
                "d-" + minute,
                "n-" + minute,
                "EUR",
                null);
    }

    private static Circumstances circumstances(long historyMs, long newestMs, FullMemories full) {
        Transaction transaction = new Transaction("t-1", "a-1", 912.4, TIME_MS, "m-9", "ios", "10.0.0.7", "EUR", null);
        List<WindowSummary> windows = List.of(new WindowSummary(Duration.ofDays(7), 28, 28 * 61.2, 61.2));
        return new Circumstances(
                transaction, new Circumstances.Past(61.2, 75, 65.2, newestMs), windows, historyMs, full);
    }

    /** What is said of a value, one of an amount of 912.40 where the median is 61.20. */
    static String sentence(FeaturePlan plan, String feature, double value) {
        return sentence(plan, feature, value, circumstances(MONTH_MS, TIME_MS - 1, FullMemories.NONE));
    }

    private static String sentence(FeaturePlan plan, String feature, double value, Circumstances seen) {
        double[] vector = new double[plan.size()];
        Arrays.fill(vector, Double.NaN);
        vector[column(plan, feature)] = value;
        return new Reasons(plan).sentence(column(plan, feature), vector, seen);
    }

    static int column(FeaturePlan plan, String feature) {
        return plan.features().stream().map(Feature::name).toList().indexOf(feature);
    }
}
