package io.outrider.app.bench.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertTopicTest {

    private static String alert(double score, int risk, double amount) {
        return """
                {"score":%s,"receipt":{"context":{"modelVersion":"m","riskVersion":%d},
                "vector":{"amount":%s,"merchant_volume_1d":%d}}}
                """.formatted(score, risk, amount, risk);
    }

    @Test
    void passesMayDifferInTheRiskTableAndInNothingElse() {
        Map<String, String> one = Map.of("a", alert(0.9, 0, 5));
        assertThat(AlertTopic.difference(one, Map.of("a", alert(0.9, 3, 5)))).isEmpty();
        assertThat(AlertTopic.difference(one, Map.of("a", alert(0.8, 0, 5)))).contains("0.8");
        assertThat(AlertTopic.difference(one, Map.of("a", alert(0.9, 0, 6)))).contains("against");
        assertThat(AlertTopic.difference(one, Map.of())).contains("nothing");
    }

    @Test
    void anAlertMayBeAsEitherOfTwoBuildsRaisesItAndAsNoThird() {
        List<Map<String, String>> builds =
                List.of(Map.of("a", alert(0.8, 0, 5), "b", alert(0.9, 0, 5)), Map.of("b", alert(0.7, 0, 5)));
        assertThat(AlertTopic.difference(builds, Map.of("a", alert(0.8, 1, 5), "b", alert(0.7, 1, 5))))
                .isEmpty();
        assertThat(AlertTopic.difference(builds, Map.of("b", alert(0.9, 0, 5)))).isEmpty();
        assertThat(AlertTopic.difference(builds, Map.of("b", alert(0.6, 0, 5))))
                .contains("0.9", "or", "0.7", "against", "0.6");
        assertThat(AlertTopic.difference(builds, Map.of())).contains("0.9").doesNotContain("0.8");
    }
}
