package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.telemetry.BatchMetrics;
import java.net.BindException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health, metrics, the console's files, and what holds for every path. */
final class OperationsTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aLiveNodeSaysSo() {
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void readinessFollowsTheNodeAndTellsWhyNot() {
        assertThat(TestServer.json(server.get("/health/ready")).get("status").asText())
                .isEqualTo("ready");

        server.node.become(new NodeStatus.Snapshot(false, List.of("No model is in force yet."), null, List.of()));
        var response = server.get("/health/ready");

        JsonNode problem = Problems.of(response, 503, "not-ready");
        assertThat(problem.get("reasons").get(0).asText()).isEqualTo("No model is in force yet.");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aReadyNodeTellsWhatIsNotAsItShouldBe() {
        assertThat(TestServer.json(server.get("/health/ready")).has("warnings")).isFalse();

        server.node.become(new NodeStatus.Snapshot(
                true, List.of(), "forest-20260301-1", List.of(0), List.of("The newest model cannot be loaded.")));

        JsonNode ready = TestServer.json(server.get("/health/ready"));
        assertThat(ready.get("status").asText()).isEqualTo("ready");
        assertThat(ready.get("warnings").get(0).asText()).isEqualTo("The newest model cannot be loaded.");
        JsonNode live = TestServer.json(server.get("/api/v1/monitoring/live"));
        assertThat(live.get("warnings").get(0).asText()).isEqualTo("The newest model cannot be loaded.");
        assertThat(server.get("/metrics").body().lines()).contains("outrider_warnings 1.0");
    }

    @Test
    void metricsCountWhatTheLivePathCounted() {
        server.node.metrics.events.add(1_234);
        server.node.metrics.deadLetters(RejectionReason.NOT_JSON).add(7);
        server.node.metrics.recordAlertLatency(40);
        server.node.metrics.recordAlertLatency(400);

        var response = server.get("/metrics");

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(response.body().lines())
                .contains("# TYPE outrider_events_total counter", "outrider_events_total 1234.0")
                .contains("outrider_dead_letters_total{reason=\"not-json\"} 7.0")
                .contains("outrider_dead_letters_total{reason=\"far-future\"} 0.0")
                .contains("outrider_alert_latency_seconds_bucket{le=\"0.05\"} 1")
                .contains("outrider_alert_latency_seconds_bucket{le=\"0.5\"} 2")
                .contains("outrider_alert_latency_seconds_count 2")
                .contains("outrider_ready 1.0")
                .contains("outrider_model_info{version=\"forest-20260301-1\"} 1");
    }

    @Test
    void metricsTellPartitionsAlertsScoresCheckpointsAndRequests() {
        var metrics = server.node.metrics;
        metrics.alertAcknowledged(Severity.HIGH, "forest-20260301-1");
        metrics.scores.add(0.97);
        metrics.checkpointSeconds.add(0.2);
        metrics.checkpointBytes.add(4_096);
        metrics.partition(3).logEnds(1_000);
        metrics.partition(3).progress(940, 17);
        metrics.partition(5).progress(940, 0);
        metrics.undecided(3, 0);
        metrics.undecided(6, 12);
        server.get("/api/v1/accounts/nobody");

        List<String> lines = server.get("/metrics").body().lines().toList();

        assertThat(lines)
                .contains("outrider_alerts_total{model_version=\"forest-20260301-1\",severity=\"high\"} 1.0")
                .contains("outrider_score_bucket{le=\"0.95\"} 0", "outrider_score_bucket{le=\"0.98\"} 1")
                .contains("outrider_checkpoint_duration_seconds_bucket{le=\"0.25\"} 1")
                .contains("outrider_checkpoint_bytes_total 4096.0")
                .contains("outrider_partition_lag_records{partition=\"3\"} 60.0")
                .contains("outrider_partition_in_flight{partition=\"3\"} 17.0")
                .contains("outrider_partition_next_offset{partition=\"3\"} 940.0")
                .contains("outrider_partition_undecided_records{partition=\"3\"} 0.0")
                .contains("outrider_partition_undecided_records{partition=\"6\"} 12.0")
                .anyMatch(line -> line.startsWith("outrider_checkpoint_age_seconds{partition=\"5\"} "))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{jvm_memory_type=\"heap\"} "))
                .anyMatch(line -> line.startsWith("http_server_request_duration_seconds_count{"
                        + "http_request_method=\"GET\",http_response_status_code=\"404\","
                        + "http_route=\"/api/v1/accounts/{id}\",url_scheme=\"http\"} 1"));
        assertThat(lines).noneMatch(line -> line.startsWith("outrider_partition_lag_records{partition=\"5\"}"));
    }

    @Test
    void metricsTellHowLongEachGarbageCollectionTook() {
        System.gc();

        await().untilAsserted(() -> assertThat(server.get("/metrics").body().lines())
                .contains("# TYPE jvm_gc_duration_seconds histogram")
                .anyMatch(line -> line.matches(
                        "jvm_gc_duration_seconds_count\\{jvm_gc_action=\"end of .+\",jvm_gc_name=\".+\"} [1-9]\\d*")));
    }

    @Test
    void metricsTellBatchRunsWhereTheirSupervisorIs() {
        assertThat(server.get("/metrics").body()).doesNotContain("outrider_batch_");
        var batch = server.node.metrics.batch;
        batch.ended("etl", "nothing-new");
        batch.ended("etl", "nothing-new");
        batch.ended("training", "failed");
        batch.took("etl", 70);
        batch.standing("etl", new BatchMetrics.Standing(true, 0));

        assertThat(server.get("/metrics").body().lines())
                .contains("outrider_batch_runs_total{kind=\"etl\",outcome=\"nothing-new\"} 2.0")
                .contains("outrider_batch_runs_total{kind=\"training\",outcome=\"failed\"} 1.0")
                .contains("outrider_batch_run_duration_seconds_bucket{kind=\"etl\",le=\"60.0\"} 0")
                .contains("outrider_batch_run_duration_seconds_bucket{kind=\"etl\",le=\"300.0\"} 1")
                .contains("outrider_batch_running{kind=\"etl\"} 1.0")
                .anyMatch(line -> line.startsWith("outrider_batch_success_age_seconds{kind=\"etl\"} "));

        batch.gone();
        assertThat(server.get("/metrics").body()).doesNotContain("outrider_batch_running");
    }

    @Test
    void theLiveDocumentTellsTotalsAndState() {
        server.node.metrics.events.add(10);
        server.node.metrics.deadLetters(RejectionReason.FAR_FUTURE).add(2);
        server.node.metrics.partition(2).progress(90, 4);
        server.node.metrics.scores.add(0.3);

        JsonNode live = TestServer.json(server.get("/api/v1/monitoring/live"));

        assertThat(live.get("running").get(0).get("partition").asInt()).isEqualTo(2);
        assertThat(live.get("running").get(0).get("inFlight").asInt()).isEqualTo(4);
        assertThat(live.get("running").get(0).get("lag").isNull())
                .as("nobody has said where the log ends")
                .isTrue();
        assertThat(live.get("scores").get("counts").get(0).asInt()).isEqualTo(1);

        assertThat(live.get("environment").asText()).isEqualTo("local");
        assertThat(live.get("events").get("total").asLong()).isEqualTo(10);
        assertThat(live.get("deadLetters").get("byReason").get("far-future").asLong())
                .isEqualTo(2);
        assertThat(live.get("partitions")).hasSize(8);
        assertThat(live.get("modelVersion").asText()).isEqualTo("forest-20260301-1");
    }

    @Test
    void everyDocumentedPathAnswersAndHasItsMethods() {
        String document = server.get("/openapi.yaml").body();
        Matcher paths = Pattern.compile("(?m)^  (/[^:]*):\\n    (get|post):").matcher(document);
        int documented = 0;
        while (paths.find()) {
            documented++;
            String path = paths.group(1).replaceAll("\\{[^}]*}", "x");
            String allow = server.send("OPTIONS", path, "")
                    .headers()
                    .firstValue("Allow")
                    .orElse("");
            assertThat(allow).as(path).contains(paths.group(2).equals("get") ? "GET, HEAD" : "POST");
        }
        assertThat(documented).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v1/acounts",
                "/api/v1/accounts/a/b",
                "/api/v2/alerts",
                "/console/",
                "/console/..%2Findex.html",
                "/console/package-info.class",
                "/console/nope.js",
                "/health"
            })
    void anUnknownPathIsAProblem(String path) {
        Problems.of(server.get(path), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /api/v1/accounts     | GET, HEAD, OPTIONS",
                "POST   | /api/v1/alerts/x     | GET, HEAD, OPTIONS",
                "GET    | /api/v1/transactions | POST, OPTIONS",
                "PUT    | /health/live         | GET, HEAD, OPTIONS",
                "POST   | /                    | GET, HEAD, OPTIONS",
            })
    void anotherMethodIsRefusedWithThoseThatAreAllowed(String method, String path, String allowed) {
        var response = server.send(method, path, "");

        Problems.of(response, 405, "method-not-allowed");
        assertThat(response.headers().firstValue("Allow")).contains(allowed);
        assertThat(server.send("OPTIONS", path, "").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /api/v1/alerts?acount=4711              | acount | account, cursor",
                "GET  | /api/v1/alerts?Limit=1                  | Limit  | limit",
                "GET  | /api/v1/alerts/stream?severty=high      | severty | severity",
                "GET  | /api/v1/alerts/x/similar?limit=1&all=   | all    | limit",
                "GET  | /api/v1/models?limit=1                  | limit  | Nothing",
                "GET  | /api/v1/etl/runs?state=failed           | state  | cursor, limit",
                "POST | /api/v1/batch-score?mapping=amount:x    | mapping | map",
                "POST | /api/v1/transactions?dry-run=true       | dry-run | Nothing",
                "HEAD | /api/v1/alerts?acount=4711              |        | ",
            })
    @Timeout(60) // a stream that is not refused does not end
    void aParameterThatThereIsNotIsNamedRatherThanLeftOut(String method, String path, String field, String words) {
        var response = server.send(method, path, "");

        assertThat(response.statusCode()).isEqualTo(400);
        if (field != null) {
            JsonNode problem = Problems.of(response, 400, "invalid-parameter");
            assertThat(problem.get("field").asText()).isEqualTo(field);
            assertThat(problem.get("detail").asText()).contains(words);
        }
        assertThat(server.node.submitted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live?verbose", "/metrics?format=text", "/openapi.yaml?v=2", "/?code=1&state=2"})
    void pagesForBrowsersAndMachinesMayBeAskedForWithMore(String path) {
        assertThat(server.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void headIsGetWithoutTheBody() {
        var response = server.send("HEAD", "/api/v1/accounts", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1/alerts", "/nothing", "/console/app.js"})
    void everyAnswerCarriesTheSecurityHeaders(String path) {
        var headers = server.get(path).headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.allValues("Cache-Control")).hasSize(1);
        assertThat(headers.firstValue("Server")).isEmpty();
    }

    @Test
    void theDocumentationIsAPageOfOurOwnScriptsAlone() {
        var page = server.get("/docs/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).doesNotContain("<script>").doesNotContain("style=");
        assertThat(page.headers().allValues("Content-Security-Policy")).hasSize(1);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        Matcher links = Pattern.compile("(?:href|src)=\"(/docs/[^\"]+)\"").matcher(page.body());
        int found = 0;
        while (links.find()) {
            found++;
            loadsWithItsImports(links.group(1));
        }
        assertThat(found).isEqualTo(3);
        assertThat(server.get("/docs").headers().firstValue("Location")).contains("/docs/");
        Problems.of(server.get("/docs/index.html"), 404, "not-found");
    }

    @Test
    void thePageAndAllThatItLoadsAreThereAndAreNotSentTwice() {
        String page = server.get("/").body();
        assertThat(page).doesNotContain("<script>").doesNotContain("style=");
        Matcher links = Pattern.compile("(?:href|src)=\"(/console/[^\"]+)\"").matcher(page);
        int found = 0;
        while (links.find()) {
            found++;
            loadsWithItsImports(links.group(1));
        }
        assertThat(found).isEqualTo(8);
    }

    private void loadsWithItsImports(String path) {
        var response = server.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        String etag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(server.get(path, "If-None-Match", etag).statusCode())
                .as(path)
                .isEqualTo(304);
        Matcher imports = Pattern.compile("from '\\./([^']+)'").matcher(response.body());
        while (imports.find()) {
            assertThat(server.get("/console/" + imports.group(1)).statusCode())
                    .as(imports.group(1))
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "host, 0.0.0.0",
        "host, 192.168.1.5",
        "host, ''",
        "port, 70000",
        "default-page-size, 5000",
        "max-request-bytes, 0",
        "stream-heartbeat, 0 s",
        "authentication.mode, basic",
        "operations.port, 70000",
        "rate-limit.burst, 0",
        "idempotency.keys, 0",
        "cors-origins, desk.example",
        "cors-origins, https://desk.example/page",
    })
    void aBadSettingIsRefusedByName(String key, String value) {
        var config =
                ConfigFactory.parseMap(Map.of("outrider.http." + key, value)).withFallback(ConfigFactory.load());

        assertThatThrownBy(() -> HttpSettings.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.http." + key);
    }

    @Test
    void aTakenPortIsNamed() {
        HttpSettings settings = HttpSettings.of(ConfigFactory.load()).withPort(server.port());
        var second = new HttpApi(server.system(), settings, server.node.ports(), Clock.systemUTC());

        assertThatThrownBy(() -> second.bind(HttpApi.Surface.EVERYTHING)
                        .toCompletableFuture()
                        .join())
                .hasRootCauseInstanceOf(BindException.class)
                .hasMessageContaining("port " + server.port() + " is taken");
    }
}
