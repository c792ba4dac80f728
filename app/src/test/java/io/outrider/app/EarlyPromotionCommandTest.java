package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code models promote} makes of a node that says when to ask again. */
class EarlyPromotionCommandTest {

    private final Set<String> keys = new HashSet<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String retryAfter = "0";
    private int refusals;
    private HttpServer node;

    @BeforeEach
    void start() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/api/v1/models/m2/promote", exchange -> {
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            boolean refused = refusals-- > 0;
            if (refused && !retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            byte[] body = (refused
                            ? "{\"type\":\"urn:outrider:problem:gate-refused\",\"detail\":\"nobody has seen it\"}"
                            : "{\"promotion\":\"manual\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 409 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void itAsksAgainUnderAnotherKeyUntilTheNodeHasMadeUpItsMind() {
        refusals = 2;
        assertThat(promote()).isZero();
        assertThat(keys).hasSize(3);
        assertThat(out.toString()).contains("manual");
        assertThat(err.toString()).contains("not yet: nobody has seen it");
    }

    @Test
    void itDoesNotWaitLongerThanHalfAMinute() {
        refusals = 2;
        retryAfter = "31";
        assertThat(promote()).isOne();
        assertThat(keys).hasSize(1);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("outrider: nobody has seen it (--force promotes it all the same)\n");
    }

    @Test
    void whatIsRefusedForGoodIsNotAskedForAgain() {
        refusals = 2;
        retryAfter = "";
        assertThat(promote()).isOne();
        assertThat(keys).hasSize(1);
    }

    private int promote() {
        return Outrider.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "models",
                        "promote",
                        "m2",
                        "--url",
                        "http://127.0.0.1:" + node.getAddress().getPort());
    }
}
