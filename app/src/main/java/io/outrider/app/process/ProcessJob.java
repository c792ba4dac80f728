package io.outrider.app.process;

import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A job of which each attempt is a process of its own: its garbage is not collected where transactions are decided, its code is not
 * compiled there, and the operating system gives it what the others leave. If the process ends before the attempt does, the attempt
 * has failed, and the supervisor makes another one.
 */
public final class ProcessJob implements Job {

    private final Job job;
    private final List<String> command;
    private final ProcessOrder.Node node;

    /**
     * The same job in processes of its own.
     *
     * @param command that starts one, which serves as {@link AttemptServer} says
     * @param node for which it works
     */
    public ProcessJob(Job job, List<String> command, ProcessOrder.Node node) {
        this.job = job;
        this.command = List.copyOf(command);
        this.node = node;
    }

    @Override
    public String kind() {
        return job.kind();
    }

    @Override
    public boolean resumable() {
        return job.resumable();
    }

    @Override
    public void check(Map<String, String> parameters) throws RefusedException {
        job.check(parameters);
    }

    @Override
    public void lookUp(Map<String, String> parameters) throws RefusedException, IOException {
        job.lookUp(parameters);
    }

    @Override
    public JobResult run(JobContext context) throws IOException, HopelessException, InterruptedException {
        ProcessOrder order = new ProcessOrder(
                node,
                kind(),
                context.runId(),
                context.attempt(),
                context.requestedAt().toString(),
                context.parameters(),
                context.disk().toString());
        try (AttemptProcess process = AttemptProcess.start(command, order)) {
            while (true) {
                ProcessReport report = process.next();
                if (report instanceof ProcessReport.Progress progress) {
                    context.progress(progress.fraction(), progress.message(), progress.counters());
                } else if (report instanceof ProcessReport.Done done) {
                    return new JobResult(done.nothingNew(), done.summary(), done.results());
                } else if (report instanceof ProcessReport.Failed failed) {
                    throw failure(failed);
                }
            }
        }
    }

    private static IOException failure(ProcessReport.Failed failed) throws HopelessException {
        if (failed.hopeless()) {
            throw new HopelessException(failed.message());
        }
        return new IOException(failed.message());
    }
}
