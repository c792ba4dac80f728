package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.telemetry.PartitionMetrics;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolloutRoutesTest {

    private static final String JSON = "application/json";

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theRolloutTellsStagesFiguresAndWhoDidWhatWhen() {
        JsonNode rollout = TestServer.json(server.get("/api/v1/rollout"));
        assertThat(rollout.get("champion").get("modelVersion").asText()).isEqualTo("m1");
        assertThat(rollout.get("champion").get("asPredicted").asBoolean()).isTrue();
        assertThat(rollout.get("champion").get("scores")).hasSize(2);
        assertThat(rollout.get("canary").isNull()).isTrue();
        assertThat(rollout.get("audit").get(0).get("action").asText()).isEqualTo("begin");
    }

    @Test
    void qualityTellsWhatPartitionsAndTheNewestDatasetMadeOfTheirRecords() {
        PartitionMetrics partition = server.node.metrics.partition(3);
        partition.folded(100, 2);
        partition.skipped(5);
        partition.deadLetter(RejectionReason.WRONG_PARTITION);
        JsonNode quality = TestServer.json(server.get("/api/v1/monitoring/quality"));
        JsonNode live = quality.get("partitions").findParents("partition").stream()
                .filter(one -> one.get("partition").asInt() == 3)
                .findFirst()
                .orElseThrow();
        assertThat(live.get("events").asLong()).isEqualTo(100);
        assertThat(live.get("late").asLong()).isEqualTo(2);
        assertThat(live.get("skipped").asLong()).isEqualTo(5);
        assertThat(live.get("bad").get("wrong-partition").asLong()).isEqualTo(1);
        JsonNode dataset = quality.get("dataset");
        assertThat(dataset.get("mayTrain").asBoolean()).isFalse();
        assertThat(dataset.get("total").get("bad").get("not-json").asLong()).isEqualTo(10);
        assertThat(dataset.get("total").get("columns").get(1).get("min").isNull())
                .isTrue();
    }

    @Test
    void driftIsToldInWordsAndFigures() {
        JsonNode drift = TestServer.json(server.get("/api/v1/monitoring/drift"));
        assertThat(drift.get("findings").get(0).asText()).isEqualTo("log_amount moved");
        assertThat(drift.get("columns").get(0).get("psi").isNull()).isTrue();
        assertThat(drift.get("columns").get(0).get("drifted").asBoolean()).isTrue();
        assertThat(drift.get("from").asText()).endsWith("Z");
        JsonNode device = drift.get("fields").get("device");
        assertThat(device.get("present").asLong()).isEqualTo(8_900);
        assertThat(device.get("values").get("desktop").asLong()).isEqualTo(2_900);
    }

    @Test
    void whatTheGateSpeaksAgainstIsPromotedByForceOnlyAndRolledBackWithoutABody() {
        JsonNode problem = Problems.of(server.post("/api/v1/models/m2/promote", JSON, "{}"), 409, "gate-refused");
        assertThat(problem.get("reasons").get(0).asText()).isEqualTo("it is too young");

        JsonNode forced = TestServer.json(server.post(
                "/api/v1/models/m2/promote", JSON, "{\"force\":true,\"by\":\"ann\",\"reason\":\"I know better\"}"));
        assertThat(forced.get("champion").get("modelVersion").asText()).isEqualTo("m2");
        assertThat(forced.get("audit").get(0).get("by").asText()).isEqualTo("ann");

        JsonNode back = TestServer.json(server.send("POST", "/api/v1/models/rollback", ""));
        assertThat(back.get("champion").get("modelVersion").asText()).isEqualTo("m1");
        Problems.of(server.send("POST", "/api/v1/models/rollback", ""), 409, "rollout-refused");
    }

    @Test
    void aRollbackMayNameTheModelThatIsToGo() {
        String path = "/api/v1/models/rollback";
        server.post("/api/v1/models/m2/promote", JSON, "{\"force\":true}");

        JsonNode problem = Problems.of(server.post(path, JSON, "{\"modelVersion\":\"m3\"}"), 409, "rollout-refused");
        assertThat(problem.get("detail").asText()).contains("m2").contains("not model m3");
        Problems.of(server.post(path, JSON, "{\"modelVersion\":\"\"}"), 400, "invalid-body");

        JsonNode back = TestServer.json(server.post(path, JSON, "{\"modelVersion\":\"m2\"}"));
        assertThat(back.get("champion").get("modelVersion").asText()).isEqualTo("m1");
    }

    @ParameterizedTest
    @CsvSource({
        "models/m2/promote, forced, 'force, by, reason'",
        "models/rollback, revision, 'modelVersion, by, reason'",
        "rollout, version, 'action, modelVersion, share, by, reason'",
    })
    void aFieldThatThereIsNotIsNamedBesideThoseThatThereAre(String path, String field, String known) {
        JsonNode problem =
                Problems.of(server.post("/api/v1/" + path, JSON, "{\"" + field + "\":4}"), 400, "invalid-body");

        assertThat(problem.get("field").asText()).isEqualTo(field);
        assertThat(problem.get("value").asText()).isEqualTo("4");
        assertThat(problem.get("detail").asText()).contains(known);
    }

    @Test
    void aPromotionThatIsOnlyTooEarlyIsToldWhenToAskAgain() {
        server.post("/api/v1/rollout", JSON, "{\"action\":\"shadow\",\"modelVersion\":\"m2\"}");

        HttpResponse<String> refused = server.post("/api/v1/models/m2/promote", JSON, "{}");

        JsonNode problem = Problems.of(refused, 409, "gate-refused");
        assertThat(problem.get("reasons")).hasSize(2);
        assertThat(problem.get("detail").asText())
                .contains("nobody has seen it")
                .endsWith("ask again in 5 s");
        assertThat(refused.headers().firstValue("Retry-After")).contains("5");
        assertThat(server.post("/api/v1/models/m3/promote", JSON, "{}")
                        .headers()
                        .firstValue("Retry-After"))
                .isEmpty();
    }

    @Test
    void aModelThatThereIsNotIsNamed() {
        JsonNode problem =
                Problems.of(server.post("/api/v1/models/none/promote", JSON, "{\"force\":true}"), 404, "unknown-model");

        assertThat(problem.get("field").asText()).isEqualTo("version");
        assertThat(problem.get("value").asText()).isEqualTo("none");
    }

    @Test
    void challengerAndCanaryAreSetAndBadInputIsNamed() {
        String path = "/api/v1/rollout";
        assertThat(TestServer.json(server.post(path, JSON, "{\"action\":\"shadow\",\"modelVersion\":\"m2\"}"))
                        .get("challenger")
                        .get("modelVersion")
                        .asText())
                .isEqualTo("m2");
        JsonNode canary = TestServer.json(
                server.post(path, JSON, "{\"action\":\"canary\",\"modelVersion\":\"m2\",\"share\":0.25}"));
        assertThat(canary.get("canary").get("share").asDouble()).isEqualTo(0.25);
        assertThat(canary.get("canary").get("asPredicted").asBoolean()).isFalse();
        assertThat(canary.get("canary").get("gate").toString())
                .isEqualTo("{\"passed\":false,\"reasons\":[\"it is too young\"]}");

        String tooMuch = "{\"action\":\"canary\",\"modelVersion\":\"m2\",\"share\":1.5}";
        assertThat(Problems.of(server.post(path, JSON, tooMuch), 400, "invalid-body")
                        .get("field")
                        .asText())
                .isEqualTo("share");
        assertThat(Problems.of(server.post(path, JSON, "{\"action\":\"explode\"}"), 400, "invalid-body")
                        .get("value")
                        .asText())
                .isEqualTo("explode");
        Problems.of(server.post(path, JSON, "[1]"), 400, "invalid-body");
    }
}
