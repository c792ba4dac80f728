package io.outrider.app.bench.latency;

import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.command.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code outrider local} without simulated traffic, in a process of its own, as a person starts it. */
final class LocalProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Process process;
    private final int port;
    private final int kafkaPort;

    private LocalProcess(Process process, int port, int kafkaPort) {
        this.process = process;
        this.port = port;
        this.kafkaPort = kafkaPort;
    }

    /** Starts it in a folder and waits until it is ready; its output goes to {@code local.log} there. */
    static LocalProcess start(Path folder, Map<String, String> environment) throws IOException {
        int port = EmbeddedBroker.freePort();
        int kafkaPort = EmbeddedBroker.freePort();
        List<String> command = List.of(
                Path.of(System.getProperty("outrider.home", "."), "outrider").toString(),
                "local",
                "--no-simulator",
                "--port",
                Integer.toString(port),
                "--kafka-port",
                Integer.toString(kafkaPort),
                "--data-dir",
                folder.resolve("data").toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("local.log").toFile());
        builder.environment().putAll(environment);
        LocalProcess local = new LocalProcess(builder.start(), port, kafkaPort);
        local.awaitReady(folder);
        return local;
    }

    ApiClient api() {
        return new ApiClient("http://127.0.0.1:" + port, "");
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    private void awaitReady(Path folder) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException("it did not start; see " + folder.resolve("local.log"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private boolean isReady() {
        try {
            api().get("/health/ready");
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
