package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.UnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScoreRoutesTest {

    private static final String PATH = "/api/v1/score";
    private static final String JSON = "application/json";

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTransactionIsAssessedWithReasonsAndTheSmallestChange() {
        JsonNode answer = TestServer.json(server.post(PATH, JSON, "{\"user_id\":\"4711\",\"amount\":900}"));

        assertThat(answer.get("account").asText()).isEqualTo("4711");
        assertThat(answer.get("eventTime").asText()).isEqualTo("2026-03-01T12:34:56Z");
        assertThat(answer.get("score").asDouble()).isEqualTo(0.9987);
        assertThat(answer.get("threshold").asDouble()).isEqualTo(0.995);
        assertThat(answer.get("anomalous").asBoolean()).isTrue();
        assertThat(answer.get("severity").asText()).isEqualTo("high");
        assertThat(answer.get("reasons")).isNotEmpty();
        assertThat(answer.get("attributions").get(3).get("value").isNull()).isTrue();
        assertThat(answer.get("counterfactual").get("to").asDouble()).isEqualTo(3.9);
    }

    @Test
    void anOrdinaryTransactionHasNoSeverity() {
        JsonNode answer = TestServer.json(server.post(PATH, JSON, "{\"user_id\":\"4711\",\"amount\":9}"));

        assertThat(answer.get("anomalous").asBoolean()).isFalse();
        assertThat(answer.get("severity").isNull()).isTrue();
        assertThat(answer.get("counterfactual").isNull()).isTrue();
    }

    @Test
    void theFutureMayBeAskedAbout() {
        JsonNode answer = TestServer.json(
                server.post(PATH, JSON, "{\"user_id\":\"4711\",\"amount\":9,\"timestamp\":\"2031-01-01T00:00:00Z\"}"));

        assertThat(answer.get("eventTime").asText()).isEqualTo("2031-01-01T00:00:00Z");
    }

    @Test
    void theOriginalPayloadIsAnsweredInItsOwnTerms() {
        JsonNode answer = TestServer.json(
                server.post(
                        PATH,
                        JSON,
                        "[{\"amount\": 100.0, \"transaction_hour\": 10}, {\"amount\": 9000, \"transaction_hour\": 3, \"note\": \"x\"}]"));

        assertThat(answer).hasSize(2);
        assertThat(answer.get(0).get("amount").asDouble()).isEqualTo(100.0);
        assertThat(answer.get(0).get("transaction_hour").asInt()).isEqualTo(10);
        assertThat(answer.get(0).get("anomaly_score").asDouble()).isPositive();
        assertThat(answer.get(0).get("is_anomaly_predicted").asBoolean()).isFalse();
        assertThat(answer.get(1).get("note").asText()).isEqualTo("x");
        assertThat(answer.get(1).get("anomaly_score").asDouble()).isNegative();
        assertThat(answer.get(1).get("is_anomaly_predicted").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"user_id\":\"4711\"}                          | amount",
                "{\"user_id\":\"4711\",\"amount\":\"x\"}         | amount",
                "{\"user_id\":\"4711\",\"amount\":-5}            | amount",
                "{\"amount\":5}                                  | user_id",
                "{\"user_id\":\" \",\"amount\":5}                | user_id",
                "{\"user_id\":\"1\",\"amount\":5,\"timestamp\":\"now\"} | timestamp",
                "{\"amount\":5,\"transaction_hour\":24}          | transaction_hour",
                "{\"amount\":5,\"transaction_hour\":\"10\"}      | transaction_hour",
                "[{\"user_id\":\"1\",\"amount\":5},{\"user_id\":\"1\"}] | [1].amount",
                "5                                               | body",
            })
    void aBadQuestionNamesTheField(String body, String field) {
        JsonNode problem = Problems.of(server.post(PATH, JSON, body), 400, "invalid-transaction");

        assertThat(problem.get("field").asText()).isEqualTo(field);
    }

    @Test
    void aQuestionThatIsNoJsonIsToldSoPlainly() {
        JsonNode problem =
                Problems.of(server.post(PATH, JSON, "{\"user_id\":\"1\",\"amount\":NaN}"), 400, "invalid-transaction");

        assertThat(problem.get("field").asText()).isEqualTo("body");
        assertThat(problem.get("detail").asText())
                .startsWith("it is not JSON: it goes wrong at line 1, column ")
                .doesNotContain("token", "Feature");
    }

    @Test
    void tooManyQuestionsAreRefused() {
        Problems.of(server.post(PATH, JSON, "[" + "{},".repeat(5) + "{}]"), 413, "too-large");
    }

    @Test
    void withoutAModelTheAnswerIsUnavailable() {
        server.node.failWith(new UnavailableException("no model is in force yet"));

        Problems.of(server.post(PATH, JSON, "{\"user_id\":\"4711\",\"amount\":9}"), 503, "unavailable");
        Problems.of(server.post(PATH, JSON, "[{\"user_id\":\"4711\",\"amount\":9}]"), 503, "unavailable");
    }
}
