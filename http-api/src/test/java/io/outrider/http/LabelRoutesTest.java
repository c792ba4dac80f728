package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.alert.Alert;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.port.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LabelRoutesTest {

    private static final String JSON = "application/json";
    private static final String GOOD = "{\"transaction_id\":\"t1\",\"account\":\"4711\",\"merchant_id\":\"m\","
            + "\"event_time\":\"2026-03-01T11:00:00Z\",\"verdict\":\"fraud\",\"by\":\"ann\",\"version\":1}";

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void goodLabelsAreTakenByteForByteAndBadOnesNamed() {
        var response =
                server.post("/api/v1/labels", JSON, "[" + GOOD + "," + GOOD.replace("\"fraud\"", "\"maybe\"") + "]");

        assertThat(response.statusCode()).isEqualTo(202);
        JsonNode answer = TestServer.json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(1);
        assertThat(answer.get("rejections").get(0).get("reason").asText()).isEqualTo("wrong-value");
        assertThat(server.node.submitted()).hasSize(1);
        assertThat(new String(server.node.submitted().get(0), StandardCharsets.UTF_8))
                .isEqualTo(GOOD);
    }

    @Test
    void noAcceptableLabelIsAProblem() {
        JsonNode problem = Problems.of(
                server.post("/api/v1/labels", JSON, GOOD.replace("\"by\"", "\"who\"")), 400, "invalid-label");
        assertThat(problem.get("field").asText()).isEqualTo("by");
        server.node.failWith(new UnavailableException("the broker is away"));
        Problems.of(server.post("/api/v1/labels", JSON, GOOD), 503, "unavailable");
    }

    @Test
    void nothingIsLabelledBeforeItIsKnownWhatIsLabelledAlready() {
        server.node.readsLabelsStill();
        Problems.of(server.post("/api/v1/labels", JSON, GOOD), 503, "unavailable");
        assertThat(server.node.submitted()).isEmpty();
    }

    @Test
    void anAlertsLabelIsOnItsTransaction() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        String path = "/api/v1/alerts/" + alert.id() + "/label";

        var response = server.post(path, JSON, "{\"verdict\":\"genuine\",\"by\":\"ann\",\"version\":2}");

        assertThat(response.statusCode()).isEqualTo(202);
        var decoded = new LabelDecoder(EventSchema.TRANSACTIONS.maxAhead(), false)
                .decode(server.node.submitted().get(0), Examples.TIME_MS);
        assertThat(decoded)
                .isEqualTo(new Label(
                        alert.transaction().transactionId(),
                        "4711",
                        alert.transaction().merchant(),
                        alert.transaction().eventTimeMs(),
                        false,
                        "ann",
                        2,
                        Examples.TIME_MS));
        assertThat(server.post(path, JSON, "{\"verdict\":\"fraud\",\"by\":\"ann\"}")
                        .statusCode())
                .as("version 1 if none is given")
                .isEqualTo(202);
        Problems.of(server.post(path, JSON, "{\"by\":\"ann\"}"), 400, "invalid-label");
        Problems.of(server.post(path, JSON, "17"), 400, "invalid-body");
        Problems.of(server.post("/api/v1/alerts/x/label", JSON, "{}"), 404, "unknown-alert");
    }

    @Test
    void aLabelThatIsNoLaterThanTheOneThatCountsIsRefusedUnlessItSaysTheSame() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        server.node.add(new Label("t-1", "4711", null, Examples.TIME_MS, true, "ann", 2, Examples.TIME_MS));
        String path = "/api/v1/alerts/" + alert.id() + "/label";

        JsonNode problem =
                Problems.of(server.post(path, JSON, "{\"verdict\":\"genuine\",\"by\":\"bob\"}"), 409, "stale-label");

        assertThat(problem.at("/counting/version").asInt()).isEqualTo(2);
        for (String none : List.of("1.5", "4294967297", "-1", "\"one\"", "null")) {
            String body = "{\"verdict\":\"genuine\",\"by\":\"bob\",\"version\":" + none + "}";
            assertThat(Problems.of(server.post(path, JSON, body), 400, "invalid-label")
                            .get("field")
                            .asText())
                    .as("a version that is none is not stale: " + none)
                    .isEqualTo("version");
        }
        assertThat(server.node.submitted()).isEmpty();
        assertThat(server.post(path, JSON, "{\"verdict\":\"fraud\",\"by\":\"ann\",\"version\":2}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(server.post(path, JSON, "{\"verdict\":\"genuine\",\"by\":\"bob\",\"version\":3}")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void whatKindOfFraudItWasIsAPartOfWhatALabelSays() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        String path = "/api/v1/alerts/" + alert.id() + "/label";
        String takeover = "{\"verdict\":\"fraud\",\"scenario\":\"takeover\",\"by\":\"ann\"}";

        assertThat(server.post(path, JSON, takeover).statusCode()).isEqualTo(202);
        assertThat(new String(server.node.submitted().get(0), StandardCharsets.UTF_8))
                .contains("\"scenario\":\"takeover\"");
        JsonNode problem =
                Problems.of(server.post(path, JSON, takeover.replace("fraud", "genuine")), 400, "invalid-label");
        assertThat(problem.get("field").asText()).isEqualTo("scenario");

        server.node.add(new Label("t-1", "4711", null, Examples.TIME_MS, true, "takeover", "ann", 1, Examples.TIME_MS));
        assertThat(TestServer.json(server.get("/api/v1/alerts/" + alert.id() + "/labels"))
                        .at("/counting/scenario")
                        .asText())
                .isEqualTo("takeover");
        assertThat(server.post(path, JSON, takeover).statusCode())
                .as("the very same")
                .isEqualTo(202);
        Problems.of(server.post(path, JSON, takeover.replace("takeover", "burst")), 409, "stale-label");
        Problems.of(server.post(path, JSON, takeover.replace("\"scenario\":\"takeover\",", "")), 409, "stale-label");
    }

    @Test
    void ofManyLabelsOnlyTheStaleOnesAreRefused() {
        server.node.add(new Label("t1", "4711", null, Examples.TIME_MS, false, "bob", 1, Examples.TIME_MS));

        JsonNode answer = TestServer.json(
                server.post("/api/v1/labels", JSON, "[" + GOOD + "," + GOOD.replace("\"t1\"", "\"t2\"") + "]"));

        assertThat(answer.get("accepted").asInt()).isEqualTo(1);
        assertThat(answer.at("/rejections/0/index").asInt()).isZero();
        assertThat(answer.at("/rejections/0/detail").asText()).contains("version 1 is stale", "bob", "genuine");
    }
}
