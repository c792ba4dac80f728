package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limits, idempotency keys, tags, compression, other origins. */
final class TrafficTest {

    private static final String TRANSACTION =
            "{\"transaction_id\":\"t\",\"user_id\":\"u\",\"amount\":1,\"timestamp\":\"2026-03-01T12:00:00Z\"}";

    private final TestServer server = new TestServer(Map.of(
            "cors-origins",
            "https://desk.example",
            "idempotency.keys",
            3,
            "rate-limit.burst",
            40,
            "rate-limit.requests-per-second",
            0.5));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRepeatWithTheSameKeyIsAnsweredAlikeAndHappensOnce() {
        HttpResponse<String> first = submit("k1", TRANSACTION);
        HttpResponse<String> again = submit("k1", TRANSACTION);

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(server.node.submitted()).hasSize(1);
        assertThat(submit("k2", TRANSACTION).statusCode()).isEqualTo(202);
        assertThat(server.node.submitted()).hasSize(2);
    }

    @Test
    void theSameKeyWithAnotherBodyIsAConflict() {
        submit("k1", TRANSACTION);

        Problems.of(submit("k1", "[" + TRANSACTION + "]"), 409, "idempotency-conflict");
        assertThat(server.node.submitted()).hasSize(1);
    }

    @Test
    void anAnswerThatSaysLaterIsNotKept() {
        server.node.failWith(new io.outrider.core.port.UnavailableException("away"));
        assertThat(submit("k1", TRANSACTION).statusCode()).isEqualTo(503);
        server.node.failWith(null);

        assertThat(submit("k1", TRANSACTION).statusCode()).isEqualTo(202);
    }

    @Test
    void onlySoManyKeysAreKept() {
        for (int i = 0; i < 4; i++) {
            submit("k" + i, TRANSACTION);
        }

        submit("k3", TRANSACTION);
        assertThat(server.node.submitted()).hasSize(4);
        submit("k0", TRANSACTION);
        assertThat(server.node.submitted()).hasSize(5);
    }

    @Test
    void aKeyThatIsNoneIsNamed() {
        assertThat(Problems.of(submit("with blanks", TRANSACTION), 400, "invalid-parameter")
                        .get("field")
                        .asText())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() {
        for (int i = 0; i < 49; i++) {
            server.get("/api/v1/alerts");
        }
        HttpResponse<String> response = server.get("/api/v1/alerts");

        Problems.of(response, 429, "rate-limited");
        assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 2);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/accounts", "/openapi.yaml", "/api/v1/alerts"})
    void whatHasNotChangedIsNotSentAgain(String path) {
        server.node.add(Examples.account("a", 3));
        String tag = server.get(path).headers().firstValue("ETag").orElseThrow();

        var known = server.get(path, "If-None-Match", "\"other\", " + tag);
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(known.headers().firstValue("ETag")).contains(tag);
        assertThat(known.headers().allValues("Vary"))
                .isEqualTo(server.get(path).headers().allValues("Vary"));
        assertThat(server.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void aChangeIsSent() {
        server.node.add(Examples.account("a", 3));
        String tag = server.get("/api/v1/accounts").headers().firstValue("ETag").orElseThrow();
        server.node.add(Examples.account("b", 3));

        assertThat(server.get("/api/v1/accounts", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson"})
    void clientsThatTakeGzipGetIt(String accept) throws IOException {
        for (int i = 0; i < 10; i++) {
            server.node.add(Examples.account("account-" + i, 3));
        }
        String plain = server.get("/api/v1/accounts", "Accept", accept).body();

        HttpResponse<byte[]> answer = bytes("/api/v1/accounts", "Accept", accept, "Accept-Encoding", "br, gzip");

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(answer.headers().allValues("Vary")).contains("Accept-Encoding");
        byte[] read = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo(plain);
        assertThat(answer.body().length).isLessThan(plain.length() / 2);
        assertThat(bytes("/api/v1/accounts", "Accept-Encoding", "gzip;q=0")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/transactions",
                "/api/v1/score",
                "/api/v1/etl/runs",
                "/api/v1/models/rollback",
                "/api/v1/labels?"
            })
    void aBodyThatDoesNotArriveIsNotWaitedForForLong(String path) {
        try (TestServer hasty = new TestServer(Map.of("body-timeout", "100 ms"))) {
            for (String header : List.of("", "Idempotency-Key: k\r\n")) {
                String answer = hasty.raw("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + header + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

                assertThat(answer).startsWith("HTTP/1.1 408").contains("urn:outrider:problem:request-timeout");
            }
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUpWithTimeToRetry() {
        try (TestServer hasty = new TestServer(Map.of("request-timeout", "100 ms"))) {
            hasty.node.fallSilent();

            HttpResponse<String> answer = hasty.get("/api/v1/accounts/4711");

            Problems.of(answer, 503, "timeout");
            assertThat(answer.headers().firstValue("Retry-After")).contains("2");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void aBodyMayComeCompressed() throws IOException, InterruptedException {
        assertThat(send("/api/v1/transactions", "gzip", gzip(TRANSACTION)).statusCode())
                .isEqualTo(202);
        assertThat(server.node.submitted()).containsExactly(TRANSACTION.getBytes(StandardCharsets.UTF_8));
        assertThat(send("/api/v1/transactions", "identity", TRANSACTION.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(202);

        var other = send("/api/v1/transactions", "br", gzip(TRANSACTION));
        assertThat(Problems.of(other, 415, "unsupported-media-type")
                        .get("field")
                        .asText())
                .isEqualTo("Content-Encoding");
        assertThat(other.headers().firstValue("Accept-Encoding")).contains("gzip, identity");
        byte[] whole = gzip(TRANSACTION);
        for (byte[] broken : List.of(TRANSACTION.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, 40))) {
            assertThat(Problems.of(send("/api/v1/transactions", "gzip", broken), 400, "invalid-body")
                            .get("field")
                            .asText())
                    .isEqualTo("Content-Encoding");
        }
        assertThat(server.node.submitted()).hasSize(2);
    }

    @Test
    void ofACompressedBodyTheSizeCountsThatItHasExpanded() throws IOException, InterruptedException {
        byte[] small = gzip("[" + " ".repeat(20_000) + "]");
        assertThat(small.length).isLessThan(1_000);

        Problems.of(send("/api/v1/transactions", "gzip", small), 413, "too-large");
        var table = bytes(
                "/api/v1/batch-score",
                "text/csv",
                "gzip",
                gzip("user_id,amount,timestamp\n" + "4711,900,2026-03-01T12:00:00Z\n".repeat(2_000)));
        assertThat(table.statusCode()).isEqualTo(200);
        assertThat(table.body().lines()).hasSize(2_001);
    }

    @Test
    void aListedOriginMayUseTheApiAndNoOtherMay() {
        String body = "[]";
        var listed = server.send(
                "POST",
                "/api/v1/transactions",
                body,
                "Content-Type",
                "application/json",
                "Origin",
                "https://desk.example");
        assertThat(listed.statusCode()).isEqualTo(202);
        assertThat(listed.headers().firstValue("Access-Control-Allow-Origin")).contains("https://desk.example");
        assertThat(listed.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("ETag", "Location");
        assertThat(listed.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();

        var other = server.send(
                "POST",
                "/api/v1/transactions",
                body,
                "Content-Type",
                "application/json",
                "Origin",
                "https://evil.example");
        Problems.of(other, 403, "foreign-origin");
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aBrowserThatAsksBeforehandIsTold() {
        var asked = server.send(
                "OPTIONS",
                "/api/v1/transactions",
                "",
                "Origin",
                "https://desk.example",
                "Access-Control-Request-Method",
                "POST");

        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains("POST");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("Authorization", "Idempotency-Key");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).contains("https://desk.example");
    }

    @Test
    void withoutAListNoAnswerSpeaksOfOrigins() {
        try (TestServer closed = new TestServer()) {
            var answer = closed.get("/api/v1/alerts", "Origin", "https://desk.example");

            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        }
    }

    private HttpResponse<String> send(String path, String coding, byte[] body)
            throws IOException, InterruptedException {
        return bytes(path, "application/json", coding, body);
    }

    private HttpResponse<String> bytes(String path, String type, String coding, byte[] body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri(path))
                                .header("Content-Type", type)
                                .header("Content-Encoding", coding)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static byte[] gzip(String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private HttpResponse<String> submit(String key, String body) {
        return server.send(
                "POST", "/api/v1/transactions", body, "Content-Type", "application/json", "Idempotency-Key", key);
    }

    private HttpResponse<byte[]> bytes(String path, String... headers) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri(path)).headers(headers).build();
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
