package io.outrider.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An {@code outrider local} in a process of its own, on free ports and a given data directory. */
final class LocalOutrider implements AutoCloseable {

    static final Path HOME = Path.of(System.getProperty("outrider.home"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path dataDir;
    private final List<String> options;
    private final int port = freePort();
    private final int kafkaPort = freePort();
    private @Nullable Process process;

    LocalOutrider(Path dataDir, String... options) {
        this.dataDir = dataDir;
        this.options = List.of(options);
    }

    /** Starts the process and waits until it says that it is ready. */
    LocalOutrider start() throws IOException {
        launch();
        awaitReady();
        return this;
    }

    /** Starts the process and returns at once. */
    void launch() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "local", "--port", "" + port, "--kafka-port", "" + kafkaPort, "--data-dir", dataDir.toString()));
        arguments.addAll(options);
        process = outrider(dataDir.resolveSibling(dataDir.getFileName() + ".log"), arguments);
    }

    void awaitReady() {
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(200)).until(this::ready);
    }

    /** {@code kill -9}: no hook runs, nothing is flushed. */
    void kill() throws InterruptedException {
        Process running = running();
        running.destroyForcibly();
        running.waitFor();
    }

    /** What Ctrl-C does; returns how long the process took to end. */
    Duration interrupt() throws InterruptedException {
        long start = System.nanoTime();
        running().destroy();
        if (!running().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within a minute of being asked to");
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly().onExit().join();
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path, "application/json"));
    }

    /** All accounts, one JSON object a line. */
    List<JsonNode> accounts() throws IOException, InterruptedException {
        List<JsonNode> accounts = new ArrayList<>();
        for (String line : text("/api/v1/accounts", "application/x-ndjson").split("\n", -1)) {
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

    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Runs another {@code outrider} command; its output goes to the log file. */
    static Process outrider(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(HOME.resolve("outrider").toString());
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private String text(String path, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Accept", accept)
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private boolean ready() throws IOException, InterruptedException {
        if (!running().isAlive()) {
            throw new AssertionError("local ended with " + running().exitValue() + "; its log is beside " + dataDir);
        }
        try {
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(uri("/health/ready")).build(), BodyHandlers.ofString());
            return response.statusCode() == 200;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
