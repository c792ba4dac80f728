package io.outrider.app.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One node through all its processes. */
final class ChaosNode implements AutoCloseable {

    /** Long enough for a busy machine; a node that takes longer is stuck. */
    private static final Duration READY_LIMIT = Duration.ofMinutes(4);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
    private static final long POLL_MS = 250;

    private final String name;
    private final Map<String, String> environment;
    private final List<String> arguments;
    private final OutriderProcess process;
    private final NodeClient client;

    /**
     * A node that is not started yet.
     *
     * @param folder where its output goes
     * @param arguments of {@code outrider node}, without the port of its API
     */
    ChaosNode(String name, Path folder, int httpPort, Map<String, String> environment, List<String> arguments) {
        this.name = name;
        this.environment = Map.copyOf(environment);
        this.arguments = Stream.concat(Stream.of("node", "--http-port", Integer.toString(httpPort)), arguments.stream())
                .toList();
        this.process = new OutriderProcess(name, folder);
        this.client = new NodeClient(httpPort);
    }

    String name() {
        return name;
    }

    OutriderProcess process() {
        return process;
    }

    NodeClient client() {
        return client;
    }

    /** @param home the checkout that it runs from */
    void start(Path home) throws IOException {
        process.start(home, environment, arguments);
    }

    /** Returns when it is ready and reaches all accounts; IOException if it ends or does not get there. */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (!client.isReady() || client.events() < 0) {
            process.checkAlive();
            if (System.nanoTime() > deadline) {
                String says = client.readiness();
                process.dumpThreads();
                throw new IOException(name + " was not ready within " + READY_LIMIT.toSeconds()
                        + " s; what its threads do is in its log; it says: " + says);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    /** Asks it to stop and returns when it has; IOException if it does not, or not in order. */
    void stop() throws IOException, InterruptedException {
        process.terminate(STOP_LIMIT);
    }

    @Override
    public void close() {
        process.close();
    }
}
