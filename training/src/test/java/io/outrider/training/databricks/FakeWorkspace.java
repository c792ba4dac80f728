package io.outrider.training.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of a Databricks workspace's Jobs API as a trigger sees, on loopback. Thread-safe. */
final class FakeWorkspace implements AutoCloseable {

    static final String TOKEN = "dapi-secret";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Long> runsByToken = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> requests = new LinkedHashMap<>();
    private final Deque<String> states = new ArrayDeque<>();
    private final Deque<Integer> failures = new ArrayDeque<>();
    private final Map<Long, String> ended = new LinkedHashMap<>();
    private int swallow;

    FakeWorkspace() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/2.1/jobs/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What runs are from now on, one after the other; the last one stays. */
    synchronized void states(String... next) {
        states.clear();
        states.addAll(List.of(next));
    }

    /** The next calls are answered by these. */
    synchronized void failNext(Integer... statuses) {
        failures.addAll(List.of(statuses));
    }

    /** The next calls take effect, but their answers do not arrive. */
    synchronized void swallowNext(int calls) {
        swallow = calls;
    }

    /** Somebody has triggered the job under this token. */
    synchronized void started(String token) {
        runsByToken.put(token, 1_001L + runsByToken.size());
    }

    synchronized int runs() {
        return runsByToken.size();
    }

    /** The bodies of all calls of one kind. */
    synchronized List<JsonNode> requests(String call) {
        return List.copyOf(requests.getOrDefault(call, List.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = path.substring(path.lastIndexOf('/') + 1);
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        boolean known = ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        String answer;
        int status;
        synchronized (this) {
            requests.computeIfAbsent(call, name -> new ArrayList<>()).add(body);
            Integer failure = failures.poll();
            if (!known) {
                status = 403;
                answer = "{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"Invalid access token.\"}";
            } else if (failure != null) {
                status = failure;
                answer = "{\"error_code\": \"TOLD\", \"message\": \"to fail\"}";
                if (failure == 429) {
                    exchange.getResponseHeaders().set("Retry-After", "0");
                }
            } else {
                status = 200;
                answer = answer(call, body, exchange.getRequestURI());
            }
            if (swallow > 0) {
                swallow--;
                return; // and the connection stays open
            }
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String answer(String call, JsonNode body, URI uri) {
        switch (call) {
            case "run-now" -> {
                String token = body.get("idempotency_token").asText();
                if (!runsByToken.containsKey(token)) {
                    started(token);
                }
                return "{\"run_id\": " + runsByToken.get(token) + "}";
            }
            case "get" -> {
                long run = Long.parseLong(uri.getQuery().replace("run_id=", ""));
                return "{\"run_id\": " + run + ", \"run_page_url\": \"https://workspace/run/" + run + "\", \"state\": "
                        + state(run) + "}";
            }
            case "cancel" -> {
                return "{}";
            }
            default -> throw new IllegalArgumentException(call);
        }
    }

    private String state(long run) {
        String now = ended.get(run);
        if (now == null) {
            now = states.size() > 1 ? states.pop() : states.element();
            if (now.startsWith("TERMINATED")) {
                ended.put(run, now);
            }
        }
        String[] parts = now.split(" ", -1);
        return parts.length == 1
                ? "{\"life_cycle_state\": \"" + parts[0] + "\"}"
                : "{\"life_cycle_state\": \"" + parts[0] + "\", \"result_state\": \"" + parts[1]
                        + "\", \"state_message\": \"as told\"}";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
