package io.outrider.detection.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A receiver of webhooks on loopback that refuses, does not answer, has gone, or takes what it is sent. Thread-safe. */
final class WebhookReceiver implements AutoCloseable {

    static final byte[] SECRET = "a key".getBytes(StandardCharsets.UTF_8);

    /** In place of a status: no answer before {@link #letGo}. */
    static final int HANG = -1;

    /** In place of a status: 200, and a body that does not end before {@link #letGo}. */
    static final int STALL = -2;

    /** What it answers next; 200 where there is nothing. */
    final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    final List<JsonNode> received = new CopyOnWriteArrayList<>();
    final List<String> badSignatures = new CopyOnWriteArrayList<>();

    /** The traceparent of each request. */
    final List<String> traced = new CopyOnWriteArrayList<>();

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final HttpServer server;

    WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/hook", this::receive);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String expected = "v1,"
                + WebhookCall.signature(
                        SECRET,
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        body);
        if (!expected.equals(exchange.getRequestHeaders().getFirst("webhook-signature"))) {
            badSignatures.add(expected);
        }
        traced.add(String.valueOf(exchange.getRequestHeaders().getFirst(Tracing.TRACEPARENT)));
        received.add(new ObjectMapper().readTree(body));
        Integer answer = answers.poll();
        if (answer != null && answer == STALL) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        }
        if (answer != null && answer < 0) {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (answer == null || answer != STALL) {
            exchange.sendResponseHeaders(answer == null || answer == HANG ? 200 : answer, -1);
        }
        exchange.close();
    }

    /** Of the events, as they came. */
    List<String> ids() {
        return received.stream().map(event -> event.get("id").asText()).toList();
    }

    /** Answers whatever hangs. */
    void letGo() {
        hanging.countDown();
    }

    @Override
    public void close() {
        letGo();
        server.stop(0);
    }
}
