package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams do not end, so what is waited for in vain must be given up. */
@Timeout(60)
final class AlertStreamTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    /** An open stream and its lines; a comment line is one too. */
    private static final class Events implements AutoCloseable {
        final HttpResponse<InputStream> response;
        private final BufferedReader reader;

        Events(TestServer server, String path, String... headers) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(server.uri(path)).timeout(Duration.ofSeconds(10));
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            assertThat(block()).containsExactly("retry: 2000", ": connected");
        }

        /** The lines up to the next empty one. */
        List<String> block() {
            List<String> lines = new ArrayList<>();
            try {
                for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return lines;
        }

        /** The next event that is no comment. */
        List<String> event() {
            List<String> block = block();
            while (block.size() == 1 && block.get(0).startsWith(":")) {
                block = block();
            }
            return block;
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    @Test
    void anAlertArrivesAsAnEventWithItsCursorAsId() throws IOException {
        try (Events events = new Events(server, "/api/v1/alerts/stream")) {
            assertThat(events.response.headers().firstValue("Content-Type")).contains("text/event-stream");
            server.node.add(Examples.alert(1, "4711"));

            List<String> event = events.event();

            assertThat(event).hasSize(3);
            assertThat(event.get(0)).isEqualTo("id: c1");
            assertThat(event.get(1)).isEqualTo("event: alert");
            assertThat(event.get(2)).startsWith("data: {");
            assertThat(TestServer.json(event.get(2).substring(6)).get("account").asText())
                    .isEqualTo("4711");
        }
    }

    @Test
    void aClientThatReconnectsMissesNothingAndSeesNothingTwice() throws IOException {
        server.node.add(Examples.alert(1, "a"));
        server.node.add(Examples.alert(2, "a"));
        server.node.add(Examples.alert(3, "a"));

        try (Events events = new Events(server, "/api/v1/alerts/stream", "Last-Event-ID", "c1")) {
            assertThat(events.event()).startsWith("id: c2");
            assertThat(events.event()).startsWith("id: c3");
            server.node.add(Examples.alert(4, "a"));
            assertThat(events.event()).startsWith("id: c4");
        }
    }

    @Test
    void aStreamMayBeNarrowedAndItsCursorMovesAllTheSame() throws IOException {
        server.node.add(Examples.alert(1, "a"));
        server.node.add(Examples.alert(2, "b"));
        server.node.add(Examples.alert(3, "b"));

        try (Events events = new Events(
                server, "/api/v1/alerts/stream?account=b&severity=low,medium,high,critical&lastEventId=c0")) {
            assertThat(events.event()).containsExactly("id: c1"); // no data: the client has nothing to dispatch
            assertThat(events.event()).startsWith("id: c2", "event: alert");
            assertThat(events.event()).startsWith("id: c3", "event: alert");
        }
        Problems.of(server.get("/api/v1/alerts/stream?severity=urgent"), 400, "invalid-parameter");
    }

    @Test
    void aStreamTakesTheFiltersOfTheListThatCanBeToldOfANewAlert() throws IOException {
        server.node.add(Examples.alert(1, "a"));
        server.node.add(Examples.alert(2, "a"));

        for (String filter : List.of("merchant=m-2", "merchant=m-2&reason=count_1h&model=forest-20260301-1")) {
            try (Events events = new Events(server, "/api/v1/alerts/stream?lastEventId=c0&" + filter)) {
                assertThat(events.event()).containsExactly("id: c1");
                assertThat(events.event()).startsWith("id: c2", "event: alert");
            }
        }
        for (String filter : List.of("reason=merchant_risk_7d", "model=other")) {
            try (Events events = new Events(server, "/api/v1/alerts/stream?lastEventId=c0&" + filter)) {
                assertThat(events.event()).containsExactly("id: c1");
                assertThat(events.event()).containsExactly("id: c2");
            }
        }
        for (String filter : List.of("label=fraud", "from=2026-03-01T00:00:00Z")) {
            Problems.of(server.get("/api/v1/alerts/stream?" + filter), 400, "invalid-parameter");
        }
    }

    @Test
    void theCursorMayStandInTheAddressAndTheHeaderWins() throws IOException {
        server.node.add(Examples.alert(1, "a"));
        server.node.add(Examples.alert(2, "a"));

        try (Events events = new Events(server, "/api/v1/alerts/stream?lastEventId=c0")) {
            assertThat(events.event()).startsWith("id: c1");
        }
        try (Events events = new Events(server, "/api/v1/alerts/stream?lastEventId=c0", "Last-Event-ID", "c1")) {
            assertThat(events.event()).startsWith("id: c2");
        }
    }

    @Test
    void aSilentStreamSaysThatItIsStillThere() throws IOException {
        try (Events events = new Events(server, "/api/v1/alerts/stream")) {
            assertThat(events.block()).containsExactly(": still here");
            assertThat(events.block()).containsExactly(": still here");
        }
    }

    @Test
    void aClientThatResumesTooLateIsToldOfTheGapBeforeTheNextAlert() throws IOException {
        server.node.add(Examples.alert(1, "a"));
        server.node.add(Examples.alert(2, "a"), true);
        server.node.add(Examples.alert(3, "a"));

        try (Events events = new Events(server, "/api/v1/alerts/stream", "Last-Event-ID", "c1")) {
            assertThat(events.event()).containsExactly("event: gap", "data: {}");
            assertThat(events.event()).startsWith("id: c2", "event: alert");
            assertThat(events.event()).startsWith("id: c3", "event: alert");
        }
    }

    @Test
    void aMadeUpCursorIsRefused() {
        var response = server.get("/api/v1/alerts/stream", "Last-Event-ID", "nonsense");

        assertThat(Problems.of(response, 400, "invalid-cursor").get("field").asText())
                .isEqualTo("Last-Event-ID");
    }

    @Test
    void moreStreamsThanMayBeAreRefusedUntilOneEnds() throws IOException {
        try (TestServer small = new TestServer(Map.of("max-streams", 1))) {
            try (Events events = new Events(small, "/api/v1/alerts/stream")) {
                var refused = small.get("/api/v1/alerts/stream");

                Problems.of(refused, 503, "unavailable");
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(small.get("/api/v1/alerts").statusCode()).isEqualTo(200);
                small.node.add(Examples.alert(1, "a"));
                assertThat(events.event()).startsWith("id: c1");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
                    socket.getOutputStream()
                            .write("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)
                            .endsWith("200");
                }
            });
        }
    }

    @Test
    void whenTheServerClosesStreamsEndAndDoNotFail() throws IOException {
        TestServer closing = new TestServer();
        try (Events events = new Events(closing, "/api/v1/alerts/stream")) {
            closing.close();

            assertThat(events.event()).isEmpty();
        }
    }

    @Test
    void aClientThatReadsTooSlowlyIsToldAndClosed() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setReceiveBufferSize(1_024);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: localhost:" + server.port()
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            // Without reading: fills the sockets' buffers, then the feed's.
            int[] number = {0};
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                for (int i = 0; i < 500; i++) {
                    server.node.add(Examples.alert(number[0]++, "a"));
                }
                return server.node.subscribers() == 0;
            });

            String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(rest).contains("event: overrun\ndata: {\"detail\":\"the client reads too slowly\"}\n\n");
            assertThat(rest).endsWith("0\r\n\r\n");
        }
    }
}
