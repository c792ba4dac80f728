package io.outrider.training.supervisor;

import io.outrider.core.run.RunProgress;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An attempt in its thread. Thread-safe. */
final class RunningJob implements JobContext, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    private final WorkerEntity.Execute order;
    private final Work work;
    private final Path parent;
    private final Job job;
    private final AttemptTrace trace;
    private final Consumer<WorkStatus> ended;
    private volatile RunProgress progress = RunProgress.NONE;
    private volatile @Nullable WorkStatus stop;
    private volatile @Nullable Path disk;
    private @Nullable Thread thread; // guarded by this

    /**
     * An attempt that has not begun.
     *
     * @param parent folder in which the attempt gets one of its own
     * @param trace begun; ends with it
     * @param ended is told how it ended, once
     */
    RunningJob(WorkerEntity.Execute order, Path parent, Job job, AttemptTrace trace, Consumer<WorkStatus> ended) {
        this.order = order;
        this.work = order.work();
        this.parent = parent;
        this.job = job;
        this.trace = trace;
        this.ended = ended;
    }

    RunProgress progress() {
        return progress;
    }

    /** Interrupts it; what it then ends as, unless it was done already. */
    synchronized void stop(WorkStatus as) {
        if (stop == null) {
            stop = as;
        }
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        WorkStatus status = trace.within(this::attempted);
        trace.end();
        ended.accept(status);
    }

    private WorkStatus attempted() {
        try {
            checkStopped();
            disk = Files.createTempDirectory(Files.createDirectories(parent), "outrider-" + work.runId() + "-");
            return new WorkStatus.Done(job.run(this));
        } catch (Job.HopelessException e) {
            return failed(e, true);
        } catch (Throwable e) { // whatever it is, the run must not seem to go on
            return failed(e, false);
        } finally {
            synchronized (this) {
                thread = null;
            }
            Thread.interrupted(); // meant for the attempt, not for what the thread does next
            remove(disk);
        }
    }

    private WorkStatus failed(Throwable failure, boolean hopeless) {
        WorkStatus stopped = stop;
        if (stopped != null) {
            LOG.debug("{} stopped", work.runId(), failure);
            return stopped;
        }
        trace.failed(failure);
        LOG.warn("Attempt {} of {} failed", work.attempt(), work.runId(), failure);
        String message = failure.getMessage();
        boolean isForPeople = failure instanceof IOException || failure instanceof Job.HopelessException;
        return new WorkStatus.Failed(isForPeople && message != null ? message : String.valueOf(failure), hopeless);
    }

    @Override
    public String runId() {
        return work.runId();
    }

    @Override
    public int attempt() {
        return work.attempt();
    }

    @Override
    public Instant requestedAt() {
        return order.requestedAt();
    }

    @Override
    public Map<String, String> parameters() {
        return order.parameters();
    }

    @Override
    public boolean goesOnElsewhere() {
        return stop == WorkStatus.Abandoned.INSTANCE;
    }

    @Override
    public Path disk() {
        Path folder = disk;
        if (folder == null) {
            throw new IllegalStateException("the attempt has not begun");
        }
        return folder;
    }

    @Override
    public void progress(double fraction, String message, Map<String, Long> counters) {
        checkStopped();
        progress = new RunProgress(fraction, message, counters);
        trace.at(message);
    }

    @Override
    public void checkStopped() {
        if (stop != null) {
            throw new StoppedException();
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) { // the latter where a file vanishes meanwhile
            LOG.warn("{} could not be removed", folder, e);
        }
    }
}
