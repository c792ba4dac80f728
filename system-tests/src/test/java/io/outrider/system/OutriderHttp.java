package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node's HTTP interface. */
final class OutriderHttp {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port;

    OutriderHttp(int port) {
        this.port = port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path, "application/json", LIMIT));
    }

    /** All accounts, one JSON object a line. */
    List<JsonNode> accounts() throws IOException, InterruptedException {
        List<JsonNode> accounts = new ArrayList<>();
        for (String line :
                text("/api/v1/accounts", "application/x-ndjson", LIMIT).split("\n", -1)) {
            if (!line.isEmpty()) {
                accounts.add(JSON.readTree(line));
            }
        }
        return accounts;
    }

    /** Events over all accounts; -1 while the system cannot tell. */
    long events() {
        try {
            return accounts().stream()
                    .mapToLong(account -> account.get("events").asLong())
                    .sum();
        } catch (IOException | AssertionError e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** Partitions that run on the node; none while it does not answer. */
    List<Integer> partitions() throws InterruptedException {
        List<Integer> partitions = new ArrayList<>();
        try {
            JSON.readTree(text("/api/v1/monitoring/live", "application/json", Duration.ofSeconds(1)))
                    .get("partitions")
                    .forEach(partition -> partitions.add(partition.asInt()));
        } catch (IOException | AssertionError e) {
            return List.of();
        }
        return partitions;
    }

    boolean isReady() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri("/health/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private String text(String path, String accept, Duration limit) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Accept", accept)
                        .timeout(limit)
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
