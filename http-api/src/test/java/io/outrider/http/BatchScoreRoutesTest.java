package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.UnavailableException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchScoreRoutesTest {

    private static final String HEADER = "user_id,amount,timestamp\n";
    private static final String ROW = "4711,900,2026-03-01T12:00:00Z\n";

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTableIsAnsweredRowByRowAndLargerThanARequestOtherwiseMayBe() {
        int rows = 2_000; // three times the limit of other bodies
        var answer = server.post("/api/v1/batch-score", "text/csv", HEADER + ROW.repeat(rows) + "4711,much,now\n");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines()).hasSize(rows + 2);
        assertThat(answer.body().lines().skip(1).findFirst().orElse("")).contains(",0.9987,0.995,true,high,");
        assertThat(answer.body()).endsWith("\r\n").contains("4711,much,now,,,,,,,\"wrong-type: amount");
    }

    @Test
    void columnsAreMapped() {
        var answer = server.post(
                "/api/v1/batch-score?map=user_id:Konto,amount:Betrag",
                "text/csv",
                "Konto,Betrag,timestamp\n4711,900,2026-03-01T12:00:00Z\n");

        assertThat(answer.body()).contains(",0.9987,");
    }

    @Test
    void whatIsWrongWithTheHeaderIsNamed() {
        JsonNode problem =
                Problems.of(server.post("/api/v1/batch-score", "text/csv", "a,b\n1,2\n"), 400, "invalid-body");

        assertThat(problem.get("detail").asText()).contains("user_id");
        Problems.of(server.post("/api/v1/batch-score?map=x", "text/csv", HEADER), 400, "invalid-parameter");
        Problems.of(server.post("/api/v1/batch-score", "application/json", "{}"), 415, "unsupported-media-type");
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswerToItsClient() {
        server.node.failWith(new UnavailableException("the node is stopping"));

        assertThatThrownBy(() -> server.post("/api/v1/batch-score", "text/csv", HEADER + ROW))
                .isInstanceOf(UncheckedIOException.class);
    }
}
