package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code models rollback} asks of a node. */
class RollbackCommandTest {

    @Test
    void itSendsTheVersionThatItIsGiven() throws IOException {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/api/v1/models/rollback", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = "{\"promotion\":\"manual\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        node.start();
        try {
            List<String> url =
                    List.of("--url", "http://127.0.0.1:" + node.getAddress().getPort());
            assertThat(rollback(url, "m2")).isZero();
            assertThat(bodies.remove()).contains("\"modelVersion\":\"m2\"");
            assertThat(rollback(url)).isZero();
            assertThat(bodies.remove()).doesNotContain("modelVersion");
        } finally {
            node.stop(0);
        }
    }

    private static int rollback(List<String> url, String... version) {
        return Outrider.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .execute(Stream.of(List.of("models", "rollback"), url, List.of(version))
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }
}
