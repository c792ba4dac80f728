package io.outrider.app.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An {@code outrider} command in a process of its own, and those that follow it under the same name. May be closed by any
 * thread; nothing starts after that.
 */
final class OutriderProcess implements AutoCloseable {

    /** Half of what a process does in its first minute would be to compile itself for a long life. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    /** It does so in its own time. */
    private static final int DUMP_SECONDS = 2;

    private final String name;
    private final Path log;
    private volatile @Nullable Process process;
    private boolean closed;

    /** @param folder where its output goes, to {@code NAME.log} */
    OutriderProcess(String name, Path folder) {
        this.name = name;
        this.log = folder.resolve(name + ".log");
    }

    /**
     * Starts it.
     *
     * @param home the checkout whose launcher runs it
     * @throws IOException if it cannot be started, or this is closed
     */
    synchronized void start(Path home, Map<String, String> environment, List<String> arguments) throws IOException {
        if (closed) {
            throw new IOException(name + " is not started any more");
        }
        List<String> command = new ArrayList<>();
        command.add(home.resolve("outrider").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** @throws IOException if it has ended by itself */
    void checkAlive() throws IOException {
        if (!process().isAlive()) {
            throw new IOException(name + " ended with " + process().exitValue() + "; see " + log);
        }
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process().destroyForcibly().onExit().join();
    }

    /** Has it write what its threads do to its log, for whoever looks for the reason why it is stuck. */
    void dumpThreads() throws IOException, InterruptedException {
        signal("QUIT");
        TimeUnit.SECONDS.sleep(DUMP_SECONDS);
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** SIGTERM; IOException unless it ends in time and with 0. */
    void terminate(Duration limit) throws IOException, InterruptedException {
        process().destroy();
        if (!process().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    name + " did not end within " + limit.toSeconds() + " s of being asked to; see " + log);
        }
        if (process().exitValue() != 0) {
            throw new IOException(
                    name + ", asked to end, did so with " + process().exitValue() + "; see " + log);
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int result = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(process().pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("kill -" + signal + " of " + name + " failed with " + result);
        }
    }

    private Process process() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return running;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            kill();
        }
    }
}
