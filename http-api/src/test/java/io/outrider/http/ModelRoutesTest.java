package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModelRoutesTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsModelsWithTheirMetricsAndWhatTheyComeFrom() {
        JsonNode items = TestServer.json(server.get("/api/v1/models")).get("items");

        assertThat(items).hasSize(2);
        assertThat(items.get(0).get("dataset").isNull()).isTrue();
        assertThat(items.get(1).get("dataset").asText()).isEqualTo("transactions:3");
        assertThat(items.get(1).get("parents").get(0).asText())
                .isEqualTo(items.get(0).get("version").asText());
        assertThat(items.get(0).get("stage").asText()).isEqualTo("archived");
        assertThat(items.get(1).get("stage").asText()).isEqualTo("champion");
        assertThat(items.get(1).get("registeredAt").asText()).isEqualTo("2026-03-02T06:00:00Z");
        assertThat(items.get(1).get("metrics").get("auc").asDouble()).isEqualTo(0.95);
    }

    @Test
    void aDamagedModelIsNamedBesideTheOthers() {
        JsonNode answer = TestServer.json(server.get("/api/v1/models"));
        assertThat(answer.get("items")).hasSize(2);
        assertThat(answer.get("damaged").toString())
                .isEqualTo("[{\"version\":\"20260303-000000000000\",\"reason\":\"its threshold is missing\"}]");
    }

    @Test
    void oneModelIsItsManifestAndAnUnknownOneIsAProblem() {
        String version = server.node.models.second.version();
        JsonNode manifest = TestServer.json(server.get("/api/v1/models/" + version));
        assertThat(manifest.get("version").asText()).isEqualTo(version);
        assertThat(manifest.get("lineage").get("dataset").get("version").asInt())
                .isEqualTo(3);
        Problems.of(server.get("/api/v1/models/20200101-000000000000"), 404, "unknown-model");
    }

    @Test
    void comparisonPutsMetricsSideBySideAndNullWhereAModelHasNone() {
        FakeModels models = server.node.models;
        JsonNode metrics = TestServer.json(server.get(
                        "/api/v1/models/comparison?a=" + models.first.version() + "&b=" + models.second.version()))
                .get("metrics");
        assertThat(metrics.get(0).toString()).isEqualTo("{\"name\":\"auc\",\"a\":0.9,\"b\":0.95}");
        assertThat(metrics.get(1).toString()).isEqualTo("{\"name\":\"average_precision\",\"a\":null,\"b\":0.5}");
        JsonNode missing = Problems.of(server.get("/api/v1/models/comparison?a=x"), 400, "invalid-parameter");
        assertThat(missing.get("field").asText()).isEqualTo("b");
        assertThat(missing.has("value")).isFalse();
        JsonNode unknown = Problems.of(
                server.get("/api/v1/models/comparison?a=" + models.first.version() + "&b=x"), 404, "unknown-model");
        assertThat(unknown.get("field").asText()).isEqualTo("b");
    }

    @Test
    void aBacktestTellsItsDaysItsPredictionsAndTheAlertsThatAppearAndVanish() {
        JsonNode report = TestServer.json(server.get("/api/v1/backtest/runs/backtest-1/report"));

        assertThat(report.get("days").get(0).get("againstAlerts").asInt()).isEqualTo(2);
        assertThat(report.get("alertsPerDay").toString()).isEqualTo("{\"mean\":2.5,\"low\":0.0,\"high\":6.1}");
        assertThat(report.get("alertRate").get("high").isNull()).isTrue();
        assertThat(report.get("appear").get("alerts").get(0).get("account").asText())
                .isEqualTo("4711");
        assertThat(report.get("vanish").get("count").asInt()).isZero();
        Problems.of(server.get("/api/v1/backtest/runs/backtest-2/report"), 404, "unknown-run");
    }
}
