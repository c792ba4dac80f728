package io.outrider.app.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks a node over HTTP. */
final class NodeClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port;

    NodeClient(int port) {
        this.port = port;
    }

    /** False also when it does not answer. */
    boolean isReady() throws InterruptedException {
        try {
            return send("/health/ready", "*/*", Duration.ofSeconds(5)).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it says of its readiness, or why it says nothing. */
    String readiness() throws InterruptedException {
        try {
            return send("/health/ready", "*/*", Duration.ofSeconds(5)).body().strip();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    /** All accounts of the cluster. */
    List<JsonNode> accounts() throws IOException, InterruptedException {
        List<JsonNode> accounts = new ArrayList<>();
        for (String line : get("/api/v1/accounts", "application/x-ndjson").split("\n", -1)) {
            if (!line.isEmpty()) {
                accounts.add(JSON.readTree(line));
            }
        }
        return accounts;
    }

    /** Events over all accounts; -1 while the cluster cannot tell. */
    long events() throws InterruptedException {
        try {
            return accounts().stream()
                    .mapToLong(account -> account.get("events").asLong())
                    .sum();
        } catch (IOException e) {
            return -1;
        }
    }

    String stateHash(String account) throws IOException, InterruptedException {
        String path = "/api/v1/accounts/" + URLEncoder.encode(account, StandardCharsets.UTF_8);
        return JSON.readTree(get(path, "application/json")).get("stateHash").asText();
    }

    private String get(String path, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path, accept, LIMIT);
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> send(String path, String accept, Duration limit)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Accept", accept)
                        .timeout(limit)
                        .build(),
                BodyHandlers.ofString());
    }
}
