package io.outrider.lake.azure;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a blob server and passes requests on, but for those for which a fault is planned. Loopback only. */
final class FaultProxy implements AutoCloseable {

    /** What the JDK's client sets by itself, and what holds for one hop only. */
    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "keep-alive");

    /** What happens to one request in place of being passed on. */
    @FunctionalInterface
    interface Fault {
        void befall(Passage passage) throws IOException, InterruptedException;
    }

    /** A fault for the first request of a method whose query holds a text. */
    private record Planned(String method, String query, Fault fault) {}

    private final URI target;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Planned> plan = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    FaultProxy(URI target) throws IOException {
        this.target = target;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Plans a fault for the next request of a method for which none is planned yet. */
    void next(String method, Fault fault) {
        next(method, "", fault);
    }

    /** As above, for requests whose query holds a text. */
    synchronized void next(String method, String query, Fault fault) {
        plan.add(new Planned(method, query, fault));
    }

    /** Whether every planned fault has happened. */
    synchronized boolean isPlanDone() {
        return plan.isEmpty();
    }

    /** The service throttles. */
    Fault busy() {
        return passage -> passage.answer(
                503,
                "ServerBusy",
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ServerBusy</Code>"
                        + "<Message>The server is busy.</Message></Error>");
    }

    /** The connection breaks before the request arrives. */
    Fault loseRequest() {
        return passage -> {};
    }

    /** The request takes effect, and the connection breaks before its answer is sent. */
    Fault loseAnswer() {
        return loseAnswerAfter(() -> {});
    }

    /** As above; in between, something else happens. */
    Fault loseAnswerAfter(Step step) {
        return passage -> {
            passage.forward();
            step.perform();
        };
    }

    /** The request takes effect, and its answer does not come as long as this proxy lives. */
    Fault withholdAnswer() {
        return passage -> {
            passage.forward();
            closed.await();
        };
    }

    /** The answer breaks off in its middle; then something else happens. */
    Fault cutAnswer(Step step) {
        return passage -> {
            HttpResponse<byte[]> answer = passage.forward();
            passage.answer(answer, answer.body().length / 2);
            step.perform();
        };
    }

    /** The answer stops in its middle, and the connection stays open as long as this proxy lives. */
    Fault stallAnswer() {
        return passage -> {
            HttpResponse<byte[]> answer = passage.forward();
            passage.answer(answer, answer.body().length / 2);
            closed.await();
        };
    }

    /** What a test does in the course of a fault. */
    @FunctionalInterface
    interface Step {
        void perform() throws IOException;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) { // closed without an answer, the connection breaks
            Passage passage = new Passage(exchange, exchange.getRequestBody().readAllBytes());
            Fault fault = takePlanned(
                    exchange.getRequestMethod(),
                    String.valueOf(exchange.getRequestURI().getQuery()));
            fault.befall(passage);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Fault takePlanned(String method, String query) {
        for (Planned planned : plan) {
            if (planned.method().equals(method) && query.contains(planned.query())) {
                plan.remove(planned);
                return planned.fault();
            }
        }
        return passage -> {
            HttpResponse<byte[]> answer = passage.forward();
            passage.answer(answer, answer.body().length);
        };
    }

    /** One request on its way. */
    final class Passage {

        private final HttpExchange exchange;
        private final byte[] body;

        private Passage(HttpExchange exchange, byte[] body) {
            this.exchange = exchange;
            this.body = body;
        }

        private HttpResponse<byte[]> forward() throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            body.length == 0 && !"PUT".equals(exchange.getRequestMethod())
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }

        private void answer(int status, String errorCode, String xml) throws IOException {
            byte[] content = xml.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("x-ms-error-code", errorCode);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            boolean hasBody = !"HEAD".equals(exchange.getRequestMethod());
            exchange.sendResponseHeaders(status, hasBody ? content.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(content);
            }
        }

        /** Passes an answer back, of its body no more than the first bytes. */
        private void answer(HttpResponse<byte[]> answer, int bytes) throws IOException {
            Headers headers = exchange.getResponseHeaders();
            answer.headers().map().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, values);
                }
            });
            byte[] content = answer.body();
            exchange.sendResponseHeaders(answer.statusCode(), content.length == 0 ? -1 : content.length);
            if (content.length > 0) {
                OutputStream out = exchange.getResponseBody();
                out.write(Arrays.copyOf(content, bytes));
                out.flush();
            }
        }
    }
}
