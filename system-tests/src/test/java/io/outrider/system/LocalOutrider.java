package io.outrider.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An {@code outrider local} in a process of its own, on free ports and a given data directory. */
final class LocalOutrider implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path dataDir;
    private final List<String> options;
    private Map<String, String> environment = Map.of();
    private final int port = Processes.freePort();
    private final int kafkaPort = Processes.freePort();
    private final OutriderHttp http = new OutriderHttp(port);
    private final OutriderHttp operations = new OutriderHttp(Processes.freePort());
    private @Nullable Process process;

    LocalOutrider(Path dataDir, String... options) {
        this.dataDir = dataDir;
        this.options = List.of(options);
    }

    /** Sets variables of the environment of processes started from now on. */
    LocalOutrider with(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
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
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("OUTRIDER_SUPERVISOR_SHARE_BESIDE_DETECTION", "1"); // tests wait for runs
        all.put("OUTRIDER_OPERATIONS_PORT", "" + operations.uri("/").getPort());
        process = Processes.outrider(dataDir.resolveSibling(dataDir.getFileName() + ".log"), all, arguments);
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

    /** Those that it has started and that are not gone. */
    Stream<ProcessHandle> processes() {
        return running().children();
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
        return http.uri(path);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return http.get(path);
    }

    /** The newest alert, once there is one. */
    JsonNode anAlert() {
        return await().atMost(Duration.ofMinutes(2))
                .until(() -> get("/api/v1/alerts?limit=1").get("items").path(0), alert -> !alert.isMissingNode());
    }

    /** All accounts, one JSON object a line. */
    List<JsonNode> accounts() throws IOException, InterruptedException {
        return http.accounts();
    }

    /** Events over all accounts; -1 while the system cannot tell. */
    long events() {
        return http.events();
    }

    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return http.post(path, contentType, body);
    }

    /** Runs a batch job until one had something to do, and is done. */
    void runToItsEnd(String kind, String parameters) {
        String runs = "/api/v1/" + kind + "/runs";
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    JsonNode newest = get(runs + "?limit=1").get("items").path(0);
                    if ("done".equals(newest.path("outcome").asText())) {
                        return true;
                    }
                    if (newest.isMissingNode() || !newest.path("outcome").isNull()) {
                        post(runs, "application/json", parameters);
                    }
                    return false;
                });
    }

    /** Runs another {@code outrider} command; its output goes to the log file. */
    static Process outrider(Path log, List<String> arguments) throws IOException {
        return Processes.outrider(log, Map.of(), arguments);
    }

    private boolean ready() throws InterruptedException {
        if (!running().isAlive()) {
            throw new AssertionError("local ended with " + running().exitValue() + "; its log is beside " + dataDir);
        }
        return operations.isReady();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }
}
