package io.outrider.app.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes OTLP by HTTP on loopback, as a collector would, and keeps it. Thread-safe. */
public final class OtlpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new ArrayList<>();
    private final List<Metric> metrics = new ArrayList<>();
    private int requests;
    private volatile int answer = 200;

    /**
     * A span as received.
     *
     * @param kind as OTLP numbers it: 1 internal, 2 server, 3 client, 4 producer, 5 consumer
     */
    public record Span(
            String traceId,
            String spanId,
            String parentId,
            String name,
            long kind,
            long status,
            Map<String, String> attributes,
            Map<String, String> resource) {}

    /**
     * A metric as received.
     *
     * @param sum of all points' values; of a histogram, their counts
     */
    public record Metric(
            String scope, String name, String unit, String type, double sum, List<Map<String, String>> points) {}

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    public static OtlpReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OtlpReceiver receiver = new OtlpReceiver(server);
        server.createContext("/v1/traces", exchange -> receiver.take(exchange, receiver::takeSpans));
        server.createContext("/v1/metrics", exchange -> receiver.take(exchange, receiver::takeMetrics));
        server.start();
        return receiver;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it answers from now on; it keeps nothing unless that is 200. */
    void answerWith(int status) {
        answer = status;
    }

    public synchronized List<Span> spans() {
        return List.copyOf(spans);
    }

    public synchronized List<Metric> metrics() {
        return List.copyOf(metrics);
    }

    synchronized int requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange, java.util.function.Consumer<Proto> taker) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            synchronized (this) {
                requests++;
                if (answer == 200) {
                    taker.accept(Proto.of(body));
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private void takeSpans(Proto request) {
        for (Proto resourceSpans : request.all(1)) {
            Map<String, String> resource = resourceSpans.one(1).attributes(1);
            for (Proto scopeSpans : resourceSpans.all(2)) {
                for (Proto span : scopeSpans.all(2)) {
                    long status = span.has(15) ? span.one(15).varint(3) : 0;
                    spans.add(new Span(
                            span.hex(1),
                            span.hex(2),
                            span.hex(4),
                            span.text(5),
                            span.varint(6),
                            status,
                            span.attributes(9),
                            resource));
                }
            }
        }
    }

    private void takeMetrics(Proto request) {
        for (Proto resourceMetrics : request.all(1)) {
            for (Proto scopeMetrics : resourceMetrics.all(2)) {
                String scope = scopeMetrics.one(1).text(1);
                scopeMetrics.all(2).forEach(metric -> metrics.add(metric(scope, metric)));
            }
        }
    }

    private static Metric metric(String scope, Proto metric) {
        if (metric.has(9)) {
            List<Proto> points = metric.one(9).all(1);
            return new Metric(
                    scope,
                    metric.text(1),
                    metric.text(3),
                    "histogram",
                    points.stream().mapToDouble(point -> point.fixed(4)).sum(),
                    points.stream().map(point -> point.attributes(9)).toList());
        }
        boolean sum = metric.has(7);
        List<Proto> points = metric.one(sum ? 7 : 5).all(1);
        return new Metric(
                scope,
                metric.text(1),
                metric.text(3),
                sum ? "sum" : "gauge",
                points.stream().mapToDouble(point -> point.real(4)).sum(),
                points.stream().map(point -> point.attributes(7)).toList());
    }
}
