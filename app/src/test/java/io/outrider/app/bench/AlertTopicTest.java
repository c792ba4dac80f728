package io.outrider.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

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
}
