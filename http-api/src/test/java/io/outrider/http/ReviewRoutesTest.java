package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.event.Label;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReviewRoutesTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void casesCarryTheirChanceValueAndLabel() {
        server.node.add(Examples.alert(1, "4711"));
        server.node.add(new Label("t-1", "4711", null, Examples.TIME_MS, true, "ann", 1, Examples.TIME_MS));

        JsonNode item = TestServer.json(server.get("/api/v1/review?kind=alert")).at("/items/0");

        assertThat(item.get("kind").asText()).isEqualTo("alert");
        assertThat(item.get("chance").asDouble()).isEqualTo(0.5);
        assertThat(item.at("/alert/id").asText()).isNotEmpty();
        assertThat(item.at("/label/verdict").asText()).isEqualTo("fraud");
        Problems.of(server.get("/api/v1/review?cursor=x"), 400, "invalid-cursor");
        Problems.of(server.get("/api/v1/review?kind=all"), 400, "invalid-parameter");
    }

    @Test
    void performanceHasIntervalsAndTheBudget() {
        server.node.add(Examples.alert(1, "4711"));
        server.node.add(new Label("t-1", "4711", null, Examples.TIME_MS, true, "ann", 1, Examples.TIME_MS));

        JsonNode found = TestServer.json(server.get("/api/v1/monitoring/performance?by=severity"));

        assertThat(found.get("alertBudget").asDouble()).isEqualTo(0.005);
        assertThat(found.at("/all/precision/value").asDouble()).isEqualTo(1);
        assertThat(found.at("/all/precision/low").asDouble()).isBetween(0.2, 0.21);
        assertThat(found.at("/all/recall/value").isNull()).isTrue();
        assertThat(found.at("/all/confusion/truePositives").asInt()).isEqualTo(1);
        assertThat(found.at("/segments/0/name").asText()).isEqualTo("m1");
        assertThat(found.at("/curve/0/recall").asDouble()).isEqualTo(0.5);
    }

    @Test
    void aTransactionsDecisionIsFoundInAlertsAndInItsAccount() {
        server.node.add(Examples.alert(1, "4711"));
        server.node.add(Examples.account("4711", 9));

        JsonNode alerted = TestServer.json(server.get("/api/v1/transactions/t-1"));
        JsonNode ordinary = TestServer.json(server.get("/api/v1/transactions/t-2?account=4711"));
        JsonNode problem = Problems.of(server.get("/api/v1/transactions/t-2"), 404, "unknown-transaction");

        assertThat(alerted.at("/decisions/0/decision").asText()).isEqualTo("alert");
        assertThat(ordinary.at("/decisions/0/decision").asText()).isEqualTo("no-alert");
        assertThat(ordinary.at("/decisions/0/score").asDouble()).isPositive();
        assertThat(problem.get("detail").asText()).contains("?account=");
        Problems.of(server.get("/api/v1/transactions/t-99?account=4711"), 404, "unknown-transaction");
    }

    @Test
    void anOldOrdinaryTransactionsDecisionIsFoundInTheLake() {
        server.node.add(Examples.account("4711", 9));

        JsonNode decided = TestServer.json(server.get("/api/v1/transactions/t-old?account=4711&on=2026-03-01"))
                .at("/decisions/0");
        JsonNode logged = TestServer.json(server.get("/api/v1/transactions/t-new?account=4711"))
                .at("/decisions/0");
        JsonNode problem = Problems.of(
                server.get("/api/v1/transactions/t-old?account=4711&on=2026-03-02"), 404, "unknown-transaction");

        assertThat(decided.get("decision").asText()).isEqualTo("no-alert");
        assertThat(decided.get("source").asText()).isEqualTo("dataset");
        assertThat(decided.get("score").asDouble()).isEqualTo(0.41);
        assertThat(decided.at("/scored/threshold").asDouble()).isEqualTo(0.995);
        assertThat(logged.get("source").asText()).isEqualTo("capture");
        assertThat(logged.get("score").isNull()).isTrue();
        assertThat(logged.get("note").asText()).isEqualTo("in no dataset yet");
        assertThat(problem.get("detail").asText())
                .as("what was looked through")
                .contains("dataset transactions:7 (2 files of partition 3)");
        JsonNode noDate = Problems.of(
                server.get("/api/v1/transactions/t-old?account=4711&on=yesterday"), 400, "invalid-parameter");
        assertThat(noDate.get("field").asText()).isEqualTo("on");
    }

    @Test
    void aDateLeavesOutDecisionsOfOtherDays() {
        server.node.add(Examples.alert(1, "4711"));

        assertThat(TestServer.json(server.get("/api/v1/transactions/t-1?on=2026-03-01"))
                        .at("/decisions/0/decision")
                        .asText())
                .isEqualTo("alert");
        Problems.of(server.get("/api/v1/transactions/t-1?on=2026-03-02"), 404, "unknown-transaction");
    }
}
