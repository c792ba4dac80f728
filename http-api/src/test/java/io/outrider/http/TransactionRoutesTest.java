package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransactionRoutesTest {

    private static final String PATH = "/api/v1/transactions";
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String GOOD =
            "{\"transaction_id\":\"t1\",\"user_id\":4711,\"amount\": 10.50,\"timestamp\":\"2026-03-01T12:00:00Z\",\"extra\":[1,{}]}";
    private static final String NEGATIVE = GOOD.replace("10.50", "-1");

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void oneTransactionIsTakenByteForByte() {
        var response = server.post(PATH, JSON, " " + GOOD + "\n");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body().trim()).isEqualTo("{\"accepted\":1,\"rejected\":0,\"rejections\":[]}");
        assertThat(submitted()).containsExactly(GOOD);
    }

    @Test
    void ofAnArrayTheGoodAreTakenAndTheBadNamed() {
        var response = server.post(PATH, JSON, "[" + GOOD + " ,\n" + NEGATIVE + ", 17, \"ü\" ,null," + GOOD + "]");

        assertThat(response.statusCode()).isEqualTo(202);
        JsonNode answer = TestServer.json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(2);
        assertThat(answer.get("rejected").asInt()).isEqualTo(4);
        assertThat(answer.get("rejections").findValuesAsText("index")).containsExactly("1", "2", "3", "4");
        assertThat(answer.get("rejections").findValuesAsText("reason"))
                .containsExactly("negative-amount", "not-json", "not-json", "not-json");
        assertThat(answer.get("rejections").get(0).get("detail").asText())
                .contains("amount")
                .contains("-1");
        assertThat(submitted()).containsExactly(GOOD, GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {NDJSON, "application/ndjson", "application/x-ndjson; charset=utf-8"})
    void linesAreTakenOneByOne(String type) {
        var response = server.post(PATH, type, GOOD + "\n\n  \r\nnot json\r\n" + GOOD + "\r\n" + GOOD);

        JsonNode answer = TestServer.json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(3);
        assertThat(answer.get("rejections").findValuesAsText("index")).containsExactly("1");
        assertThat(answer.get("rejections").findValuesAsText("reason")).containsExactly("not-json");
    }

    @Test
    void whenNothingIsAcceptableTheAnswerIsAProblemThatSaysWhy() {
        JsonNode problem = Problems.of(server.post(PATH, JSON, NEGATIVE), 400, "invalid-transaction");

        assertThat(problem.get("detail").asText()).contains("amount").contains("-1");
        assertThat(problem.get("field").asText()).isEqualTo("amount");
        assertThat(problem.get("accepted").asInt()).isZero();
        assertThat(problem.get("rejections").get(0).get("reason").asText()).isEqualTo("negative-amount");
        assertThat(problem.get("rejections").get(0).get("field").asText()).isEqualTo("amount");
        JsonNode several =
                Problems.of(server.post(PATH, JSON, "[" + NEGATIVE + "," + NEGATIVE + "]"), 400, "invalid-transaction");
        assertThat(several.get("field").asText()).isEqualTo("[0].amount");
        assertThat(Problems.of(server.post(PATH, NDJSON, "no JSON"), 400, "invalid-transaction")
                        .has("field"))
                .isFalse();
    }

    @Test
    void anEmptyArrayIsNothingToDo() {
        var response = server.post(PATH, JSON, "[]");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(TestServer.json(response).get("accepted").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[", "[{}", "{} {}", "[1 2]", " ", "nonsense", "[{]}"})
    void aBodyThatIsNoJsonIsRefusedWhole(String body) {
        Problems.of(server.post(PATH, JSON, body), 400, "invalid-body");
        assertThat(submitted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": nonsense} | it goes wrong at line 1, column 16",
                "[{} | it ends too early, at line 1, column 4",
                "{\"a\":'x'} | it goes wrong at line 1, column 6",
            })
    void whatIsWrongWithABodyIsSaidPlainly(String body, String fault) {
        JsonNode problem = Problems.of(server.post(PATH, JSON, body), 400, "invalid-body");

        assertThat(problem.get("detail").asText()).isEqualTo("The body is not JSON: " + fault + ".");
    }

    @Test
    void aDeepBodyIsRefusedWithoutTheParsersWords() {
        String deep = "[".repeat(3_000);
        JsonNode problem = Problems.of(server.post(PATH, JSON, deep), 400, "invalid-body");

        assertThat(problem.get("detail").asText()).contains("nested too deeply").doesNotContain("Stream");
    }

    @Test
    void aBodyOfNoTypeIsRefusedByItsType() {
        String answer = server.raw(
                "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: none/none"
                        + "\r\nContent-Length: " + GOOD.length() + "\r\n\r\n" + GOOD);

        assertThat(answer).startsWith("HTTP/1.1 415").contains("application/problem+json", "unsupported-media-type");
    }

    @Test
    void anEmptyBodyIsRefused() {
        Problems.of(server.post(PATH, JSON, ""), 400, "invalid-body");
    }

    @Test
    void aBodyInAnotherEncodingIsRefused() {
        String utf16 = new String(GOOD.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
        String answer =
                server.raw("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + JSON
                        + "\r\nContent-Length: " + utf16.length() + "\r\n\r\n" + utf16);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("UTF-8");
    }

    @Test
    void whatIsNoJsonByItsTypeIsRefusedWithWhatWouldBeTaken() {
        JsonNode problem = Problems.of(
                server.post(PATH, "application/x-www-form-urlencoded", GOOD), 415, "unsupported-media-type");

        assertThat(problem.get("detail").asText()).contains("application/json").contains(NDJSON);
        assertThat(problem.get("value").asText()).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        JsonNode problem = Problems.of(server.post(PATH, JSON, "[" + " ".repeat(20_000) + "]"), 413, "too-large");

        assertThat(problem.get("detail").asText()).contains("20000");
    }

    @ParameterizedTest
    @CsvSource({
        PATH + ", 9000000, x-trace: none",
        "/api/v1/etl/runs, 9000000, x-trace: none",
        "/api/v1/rollout, 9000000, x-trace: none",
        PATH + ", 9000000, Idempotency-Key: k",
        PATH + ", 30000, Idempotency-Key: k",
    })
    void aBodyThatSaysHowLargeItIsIsRefusedBeforeItIsSent(String path, int bytes, String header) {
        String answer =
                server.raw("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + JSON
                        + "\r\n" + header + "\r\nContent-Length: " + bytes + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("too-large");
    }

    @Test
    void aBodyInChunksThatAreNoneIsRefused() {
        String answer =
                server.raw("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + JSON
                        + "\r\nIdempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("bad-request");
    }

    @Test
    void tooManyTransactionsAreRefused() {
        Problems.of(server.post(PATH, NDJSON, "{}\n".repeat(51)), 413, "too-large");
        assertThat(submitted()).isEmpty();
    }

    @Test
    void aBrokerThatDoesNotAnswerIsUnavailable() {
        server.node.failWith(new UnavailableException("the broker did not acknowledge in time"));

        var response = server.post(PATH, JSON, GOOD);

        Problems.of(response, 503, "unavailable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    private List<String> submitted() {
        return server.node.submitted().stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }
}
