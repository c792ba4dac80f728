package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.WindowSummary;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transactions|amount_robust_z_shrunk|11.3|amount 912.40 is 11.3 robust deviations above this account's median 61.20",
                "transactions|amount_to_max|14|amount 912.40 is 14 times this account's highest so far",
                "transactions|amount|912.4|amount 912.40, where this account's median is 61.20",
                "transactions|first_at_merchant|1|first time at this merchant (m-9)",
                "transactions|first_on_device|1|first time on this device (ios)",
                "transactions|seconds_since_last|12|12 s after this account's previous event",
                "transactions|count_1h|9|transactions within 1 hour is 9 transactions, on average 4 a day",
                "transactions|night|1|at 03:12 UTC",
                "transactions|weekend|1|on a Sunday",
                "network-access|bytes_robust_z_shrunk|11.3|transfer of 912 bytes is 11.3 robust deviations above this user's median 61 bytes",
                "network-access|log_bytes|3|transfer of 912 bytes, where this user's median is 61 bytes",
                "network-access|first_at_host|1|first time on this host (m-9)",
                "network-access|first_from_network|1|first time from this address (10.0.0.7)",
                "network-access|seconds_since_last|0.5|0.50 s after this user's previous event",
                "sensor|value_robust_z_shrunk|-4.2|reading 912.40 is 4.20 robust deviations below this sensor's median 61.20",
                "sensor|value_z_shrunk|7|reading 912.40 is 7 standard deviations above this sensor's mean",
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

    private static String sentence(FeaturePlan plan, String feature, double value) {
        double[] vector = new double[plan.size()];
        Arrays.fill(vector, Double.NaN);
        int column = plan.features().stream().map(Feature::name).toList().indexOf(feature);
        vector[column] = value;
        Transaction transaction = new Transaction("t-1", "a-1", 912.4, TIME_MS, "m-9", "ios", "10.0.0.7", "EUR", null);
        List<WindowSummary> windows = List.of(new WindowSummary(Duration.ofDays(7), 28, 28 * 61.2, 61.2));
        return new Reasons(plan.features(), plan.words())
                .sentence(column, vector, new Circumstances(transaction, 61.2, windows));
    }
}
