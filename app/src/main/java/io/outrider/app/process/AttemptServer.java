package io.outrider.app.process;

import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other end of {@link AttemptProcess}: reads what to do, does it in the calling thread, and says how far it is and how it ended.
 * When its input ends whoever wanted it is gone, and so is the process at once, as if it had been killed.
 */
public final class AttemptServer implements JobContext {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptServer.class);
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintStream output;
    private final Thread worker = Thread.currentThread();
    private final ProcessOrder order;
    private volatile boolean stopped;
    private long reportedNanos = System.nanoTime() - REPORT_NANOS;
    private String reported = "";

    /** Finds the job for an order. */
    public interface Jobs {
        Job of(ProcessOrder order) throws IOException;
    }

    private AttemptServer(ProcessOrder order, PrintStream output) {
        this.order = order;
        this.output = output;
    }

    /** Does what the first line of the input says. */
    public static void serve(InputStream input, PrintStream output, Jobs jobs) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        String line = lines.readLine();
        if (line == null) {
            return;
        }
        AttemptServer server = new AttemptServer(ProcessOrder.read(line), output);
        Thread watch = new Thread(() -> server.watch(lines), "input");
        watch.setDaemon(true);
        watch.start();
        server.say(server.attempt(jobs));
    }

    private void watch(BufferedReader lines) {
        try {
            if (AttemptProcess.STOP.equals(lines.readLine())) {
                stopped = true;
                worker.interrupt();
                while (lines.readLine() != null) {
                    LOG.debug("Asked to stop more than once");
                }
            }
        } catch (IOException e) {
            LOG.debug("The input cannot be read any more", e);
        }
        Runtime.getRuntime().halt(1);
    }

    private ProcessReport attempt(Jobs jobs) {
        try {
            JobResult result = jobs.of(order).run(this);
            return new ProcessReport.Done(result.nothingNew(), result.summary(), result.results());
        } catch (Job.HopelessException e) {
            return failed(e, true);
        } catch (Throwable e) { // whatever it is, it must be told
            return failed(e, false);
        } finally {
            Thread.interrupted(); // meant for the job
        }
    }

    private ProcessReport failed(Throwable failure, boolean hopeless) {
        if (!stopped) {
            LOG.warn("Attempt {} of {} failed", order.attempt(), order.runId(), failure);
        }
        String message = failure.getMessage();
        boolean isForPeople = failure instanceof IOException || failure instanceof Job.HopelessException;
        return new ProcessReport.Failed(isForPeople && message != null ? message : String.valueOf(failure), hopeless);
    }

    private synchronized void say(ProcessReport report) {
        try {
            output.println(report.line());
            output.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a report can always be written", e);
        }
    }

    @Override
    public String runId() {
        return order.runId();
    }

    @Override
    public int attempt() {
        return order.attempt();
    }

    @Override
    public Instant requestedAt() {
        return Instant.parse(order.requestedAt());
    }

    @Override
    public Map<String, String> parameters() {
        return order.parameters();
    }

    @Override
    public Path disk() {
        return Path.of(order.disk());
    }

    @Override
    public synchronized void progress(double fraction, String message, Map<String, Long> counters) {
        checkStopped();
        long now = System.nanoTime();
        if (now - reportedNanos >= REPORT_NANOS || !message.equals(reported)) {
            say(new ProcessReport.Progress(fraction, message, counters));
            reportedNanos = now;
            reported = message;
        }
    }

    @Override
    public void checkStopped() {
        if (stopped) {
            throw new StoppedException();
        }
    }

    @Override
    public boolean goesOnElsewhere() {
        return stopped;
    }
}
