package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.Runs;
import io.outrider.core.port.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRoutesTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void forget() {
        server.node.runs.clear();
    }

    private static HttpResponse<String> post(String path, String... headers) {
        return server.send("POST", path, "", headers);
    }

    @Test
    void aRunIsAcceptedAndCanBeSeenWhereLocationSays() {
        HttpResponse<String> accepted = post("/api/v1/etl/runs");
        assertThat(accepted.statusCode()).isEqualTo(202);
        String location = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/api/v1/etl/runs/etl-1");
        JsonNode run = TestServer.json(server.get(location));
        assertThat(run).isEqualTo(TestServer.json(accepted));
        assertThat(run.get("state").asText()).isEqualTo("running");
        assertThat(run.get("cause").asText()).isEqualTo("manual");
        assertThat(run.get("node").asText()).isEqualTo("127.0.0.1:17355");
        assertThat(run.get("startedAt").asText()).isEqualTo("2026-03-01T10:00:01Z");
        assertThat(run.get("endedAt").isNull()).isTrue();
        assertThat(run.at("/progress/counters/records").asLong()).isEqualTo(12);
    }

    @Test
    void aSecondRunIsRefusedWhileOneGoesOnUnlessTheKeyIsTheSame() {
        String first = post("/api/v1/etl/runs", "Idempotency-Key", "k-1").body();
        HttpResponse<String> second = post("/api/v1/etl/runs", "Idempotency-Key", "k-2");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(TestServer.json(second).get("type").asText()).isEqualTo("urn:outrider:problem:run-in-progress");
        assertThat(TestServer.json(second).get("runId").asText()).isEqualTo("etl-1");
        HttpResponse<String> repeated = post("/api/v1/etl/runs", "Idempotency-Key", "k-1");
        assertThat(repeated.statusCode()).isEqualTo(202);
        assertThat(repeated.body()).isEqualTo(first);
        assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
    }

    @Test
    void parametersAreTheFieldsOfTheBody() {
        HttpResponse<String> accepted = server.post(
                "/api/v1/etl/runs", "application/json", "{\"dataset\": \"t:3\", \"seed\": 7, \"fast\": true}");
        assertThat(TestServer.json(accepted).get("parameters"))
                .isEqualTo(TestServer.json("{\"dataset\": \"t:3\", \"fast\": \"true\", \"seed\": \"7\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|invalid-body|null",
                "{|invalid-body|null",
                "{\"a\": {}}|invalid-body|a",
                "{\"a\": null}|invalid-body|a",
            })
    void aBodyThatIsNoParametersIsRefusedByName(String body, String type, String field) {
        HttpResponse<String> refused = server.post("/api/v1/etl/runs", "application/json", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(TestServer.json(refused).get("type").asText()).isEqualTo("urn:outrider:problem:" + type);
        assertThat(TestServer.json(refused).path("field").asText("null")).isEqualTo(field);
    }

    @Test
    void whatTheSupervisorRefusesIsAProblemOfItsOwn() {
        server.node.runs.answerWith(new Runs.Answer.Refused("sed", "7", "there is no such parameter"));
        HttpResponse<String> refused = post("/api/v1/etl/runs");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(TestServer.json(refused).get("field").asText()).isEqualTo("sed");
        server.node.runs.answerWith(new Runs.Answer.TooSoon(Instant.parse("2026-03-01T12:00:00Z")));
        HttpResponse<String> soon = post("/api/v1/etl/runs");
        assertThat(soon.statusCode()).isEqualTo(429);
        assertThat(TestServer.json(soon).get("detail").asText()).contains("2026-03-01T12:00:00Z");
    }

    @Test
    void runsAreListedNewestFirstPageByPage() {
        for (long number = 1; number <= 3; number++) {
            post("/api/v1/etl/runs");
            server.node.runs.end(number);
        }
        JsonNode page = TestServer.json(server.get("/api/v1/etl/runs?limit=2"));
        assertThat(page.get("items")).extracting(run -> run.get("id").asText()).containsExactly("etl-3", "etl-2");
        JsonNode rest = TestServer.json(
                server.get("/api/v1/etl/runs?limit=2&cursor=" + page.get("next").asText()));
        assertThat(rest.get("items")).extracting(run -> run.get("id").asText()).containsExactly("etl-1");
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(rest.at("/items/0/outcome").asText()).isEqualTo("done");
        assertThat(rest.at("/items/0/results/version").asText()).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/tea/runs, 404, unknown-run-kind",
        "POST, /api/v1/tea/runs, 404, unknown-run-kind",
        "GET, /api/v1/etl/runs/etl-9, 404, unknown-run",
        "POST, /api/v1/etl/runs/etl-9/cancel, 404, unknown-run",
        "GET, /api/v1/etl/runs/etl-9/events, 404, unknown-run",
        "GET, /api/v1/etl/runs?cursor=x, 400, invalid-cursor",
        "GET, /api/v1/etl/runs?limit=0, 400, invalid-parameter",
        "DELETE, /api/v1/etl/runs, 405, method-not-allowed",
    })
    void whatIsNotThereIsNamed(String method, String path, int status, String type) {
        HttpResponse<String> answer = server.send(method, path, "");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(TestServer.json(answer).get("type").asText()).isEqualTo("urn:outrider:problem:" + type);
    }

    @Test
    void aRunCanBeCancelledUntilItHasEnded() {
        post("/api/v1/etl/runs");
        assertThat(post("/api/v1/etl/runs/etl-1/cancel").statusCode()).isEqualTo(202);
        server.node.runs.end(1);
        HttpResponse<String> late = post("/api/v1/etl/runs/etl-1/cancel");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(TestServer.json(late).get("type").asText()).isEqualTo("urn:outrider:problem:run-ended");
    }

    @Test
    void whileTheSupervisorMovesItIsSaidWhenToTryAgain() {
        server.node.runs.failWith(new UnavailableException("it moves"));
        HttpResponse<String> answer = post("/api/v1/etl/runs");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void progressIsStreamedUntilTheEndAcrossATimeWhenNobodyCanTell() throws Exception {
        post("/api/v1/etl/runs");
        HttpResponse<InputStream> stream = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri("/api/v1/etl/runs/etl-1/events"))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(nextRun(lines).at("/progress/fraction").asDouble()).isZero();
            server.node.runs.failWith(new UnavailableException("it moves"));
            server.node.runs.progress(1, 0.5);
            server.node.runs.failWith(null);
            assertThat(nextRun(lines).at("/progress/fraction").asDouble()).isEqualTo(0.5);
            server.node.runs.end(1);
            assertThat(nextRun(lines).get("state").asText()).isEqualTo("succeeded");
            assertThat(lines.lines().filter(line -> line.startsWith("data:"))).isEmpty();
        }
        assertThat(server.get("/api/v1/etl/runs/etl-1/events", "Last-Event-ID", "3")
                        .statusCode())
                .as("a browser that connects again is told to stay away")
                .isEqualTo(204);
        assertThat(server.get("/api/v1/etl/runs/etl-1/events").body()).contains("\"state\":\"succeeded\"");
    }

    private static JsonNode nextRun(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = lines.readLine();
        }
        assertThat(line).as("an event").isNotNull();
        return TestServer.json(String.valueOf(line).substring("data: ".length()));
    }
}
