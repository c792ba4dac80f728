package io.outrider.app.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process at work on one attempt. It lives no longer than this one, however this one ends: the end of its input is its end. What it
 * logs goes where this process logs. For one thread.
 */
final class AttemptProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptProcess.class);

    /** Asks for an end in good order. */
    static final String STOP = "stop";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A signal that ended it before it could mind may have been for this process, too, whose end interrupts the attempt soon. */
    private static final Duration SIGNAL_DELAY = Duration.ofSeconds(3);

    private final Process process;
    private final Writer input;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private AttemptProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "attempt-process");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process and tells it what to do. */
    static AttemptProcess start(List<String> command, ProcessOrder order) throws IOException {
        String told = order.line();
        AttemptProcess started = new AttemptProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        started.tell(told);
        return started;
    }

    /**
     * What it says next; waits for it.
     *
     * @throws IOException if it has ended without saying how
     */
    ProcessReport next() throws IOException, InterruptedException {
        String line = lines.take().orElse(null);
        if (line == null) {
            TimeUnit.MILLISECONDS.sleep(SIGNAL_DELAY.toMillis());
            throw new IOException("its process ended with " + process.waitFor() + " in the midst of it");
        }
        return ProcessReport.read(line);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().map(Optional::of).forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("As its end", e);
        } finally {
            lines.add(Optional.empty());
        }
    }

    private void tell(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            LOG.debug("It has ended, which its output says, too", e);
        }
    }

    /** Ends it, if it has not ended: asked to at first. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        tell(STOP);
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
