package io.outrider.app.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An {@code outrider} command in a process of its own, and those that follow it under the same name. */
final class OutriderProcess implements AutoCloseable {

    private final String name;
    private final Path log;
    private @Nullable Process process;

    /** @param folder where its output goes, to {@code NAME.log} */
    OutriderProcess(String name, Path folder) {
        this.name = name;
        this.log = folder.resolve(name + ".log");
    }

    /** @param home the checkout whose launcher runs it */
    void start(Path home, Map<String, String> environment, List<String> arguments) throws IOException {
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
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
