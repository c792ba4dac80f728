package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
    void aMappingOfAFieldThatThereIsNotIsRefused() {
        JsonNode problem = Problems.of(
                server.post("/api/v1/batch-score?map=merchant:Shop", "text/csv", "user_id,amount,timestamp,Shop\n"),
                400,
                "invalid-body");

        assertThat(problem.get("detail").asText()).contains("no field merchant").contains("merchant_id");
    }

    @Test
    void anAnswerThatBeginsBeforeItsTableHasEndedIsNoWarningInTheLog() throws IOException {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        root.addAppender(log);
        String head = "POST /api/v1/batch-score HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                + "Content-Length: 1000\r\n\r\n" + HEADER + ROW;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = answer.readLine(); !line.startsWith("4711,"); line = answer.readLine()) {
                assertThat(line).isNotNull();
            }
        } finally {
            root.detachAppender(log);
        }

        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).noneMatch(line -> line.contains("early"));
    }

    @Test
    void whatIsWrongWithTheHeaderIsNamed() {
        JsonNode problem =
                Problems.of(server.post("/api/v1/batch-score", "text/csv", "a,b\n1,2\n"), 400, "invalid-body");

        assertThat(problem.get("detail").asText()).contains("user_id");
        Problems.of(server.post("/api/v1/batch-score?map=x", "text/csv", HEADER), 400, "invalid-parameter");
        Problems.of(server.post("/api/v1/batch-score", "application/json", "{}"), 415, "unsupported-media-type");
        Problems.of(
                server.post("/api/v1/batch-score", "text/csv; charset=ISO-8859-1", HEADER + ROW),
                415,
                "unsupported-media-type");
        assertThat(server.post("/api/v1/batch-score", "text/csv; charset=utf-8", HEADER + ROW)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswerToItsClient() {
        server.node.failWith(new UnavailableException("the node is stopping"));

        assertThatThrownBy(() -> server.post("/api/v1/batch-score", "text/csv", HEADER + ROW))
                .isInstanceOf(UncheckedIOException.class);
    }
}
