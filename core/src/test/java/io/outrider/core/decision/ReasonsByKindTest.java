package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reasons in a plan whose names do not tell what is computed. */
final class ReasonsByKindTest {

    /** Names that say something else, or nothing, of what is computed; the amount neither comes first nor lends its name. */
    private static FeaturePlan oddlyNamed() {
        Config features = ConfigFactory.parseString("""
                  features = [
                    { kind = count, window = hour, name = hourly_count, words = "payments within 1 hour", unit = "" }
                    { kind = mean, window = hour, name = hourly_count_z, words = "mean within 1 hour", unit = "" }
                    { kind = count, window = day, name = mean_free_count, words = "payments within a day", unit = "" }
                    { kind = robust-z, name = rz, words = "against the median", unit = "" }
                    { kind = z, shrunk = true, name = count_z, words = "against the mean", unit = "" }
                    { kind = relative-z, name = leave, words = "with leave", unit = "" }
                    { kind = ratio-to-max, name = night_max, words = "over the highest", unit = "times" }
                    { kind = ratio-to-mean, name = times_mean, words = "over the mean", unit = "times" }
                    { kind = ratio-to-median, name = times_median, words = "over the median", unit = "times" }
                    { kind = log-amount, name = size, words = "size", unit = "" }
                    { kind = amount, name = merchant_paid, words = "paid", unit = "" }
                    { kind = account-median, name = hourly_count_to_median, words = "the median", unit = "" }
                    { kind = merchant-frauds, days = 7, name = shop_frauds, words = "frauds at the shop", unit = "" }
                    { kind = merchant-risk, days = 7, number = 5, name = shop_risk, words = "frauds of the shop", unit = "" }
                    { kind = account-frauds, days = 7, name = merchant_like, words = "frauds known", unit = "" }
                    { kind = seconds-since-last, name = pause, words = "pause", unit = "s" }
                    { kind = seconds-since-surge, name = seconds_since_last_surge, words = "since a surge", unit = "s" }
                    { kind = first-on-device, name = new_phone, words = "first time on this phone", unit = "" }
                    { kind = device-switches, number = 8, name = first_on_device_changes, words = "changes", unit = "" }
                    { kind = repeated-id, name = twice, words = "repeated id", unit = "" }
                    { kind = hour-cos, name = clock, words = "time of day", unit = "" }
                    { kind = weekend, name = mean_day, words = "on a weekend", unit = "" }
                    { kind = distinct-merchants, window = day, name = weekend_shops, words = "shops", unit = "shops" }
                  ]
                """);
        return FeaturePlan.compile(features.withFallback(
                ConfigFactory.parseString(FeaturePlan.named("transactions").source())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hourly_count|9|payments within 1 hour is 9, on average 4 a day",
                "hourly_count_z|9|mean within 1 hour is 9, the median is 61.20",
                "mean_free_count|9|payments within a day is 9, on average 4 a day",
                "rz|11.3|amount 912.40 is 11.3 robust deviations above this account's median 61.20",
                "count_z|7|amount 912.40 is 7 standard deviations above what is usual for this account and others like it (this account's mean 75.00)",
                "leave|5|amount 912.40 is 5 deviations above this account's median 61.20",
                "night_max|0.9|amount 912.40 is 14.0 times this account's highest so far",
                "times_mean|12|amount 912.40 is 12.2 times this account's mean",
                "times_median|14|amount 912.40 is 14.9 times this account's median 61.20",
                "size|7|amount 912.40, where this account's median is 61.20",
                "merchant_paid|912.4|amount 912.40, where this account's median is 61.20",
                "hourly_count_to_median|61.2|the median is 61.2",
                "shop_frauds|3|frauds at the shop is 3 (m-9)",
                "shop_risk|0.17|smoothed frauds of the shop is 0.17 (m-9)",
                "merchant_like|2|frauds known is 2",
                "pause|12|12 s after this account's previous event",
                "seconds_since_last_surge|12|since a surge is 12 s",
                "new_phone|1|first time on this phone (ios)",
                "new_phone|0|first time on this phone is 0",
                "first_on_device_changes|3|changes is 3",
                "twice|1|id t-1 was used before",
                "clock|0.5|at 03:12 UTC",
                "mean_day|1|on a Sunday",
                "weekend_shops|4|shops is 4 shops",
            })
    void whatIsToldFollowsFromWhatIsComputedAndNotFromItsName(String feature, double value, String sentence) {
        assertThat(ReasonsTest.sentence(oddlyNamed(), feature, value)).isEqualTo(sentence);
    }

    @Test
    void whichSentencesRepeatTheMedianFollowsFromWhatIsComputedToo() {
        FeaturePlan plan = oddlyNamed();
        Reasons reasons = new Reasons(plan);
        assertThat(plan.features())
                .filteredOn(feature -> reasons.tellsMedian(ReasonsTest.column(plan, feature.name())))
                .extracting(Feature::name)
                .containsExactly("rz", "leave", "times_median", "size", "merchant_paid");
        assertThat(reasons.bestOfMedian(List.of(
                        ReasonsTest.column(plan, "hourly_count"),
                        ReasonsTest.column(plan, "size"),
                        ReasonsTest.column(plan, "rz"))))
                .isEqualTo(ReasonsTest.column(plan, "rz"));
    }
}
