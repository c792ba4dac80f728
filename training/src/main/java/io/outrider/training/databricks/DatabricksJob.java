package io.outrider.training.databricks;

import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job on Databricks as a supervised run: triggered once for each attempt that the one before has failed, followed to its end,
 * cancelled with the run. An attempt that was lost while Databricks worked is taken up again: its token finds the same run there.
 * A run's parameters become the job's. While a run is followed, nobody deletes files that it may come to name, be the job's program one that
 * takes no lease of its own, or tasks outlive their driver.
 */
public final class DatabricksJob implements Job {

    /** Its kind. */
    public static final String KIND = "spark-etl";

    private static final Logger LOG = LoggerFactory.getLogger(DatabricksJob.class);
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(10);

    private final DatabricksSettings settings;
    private final DatasetLeases leases;

    /** @param leases of the container that the job writes to */
    public DatabricksJob(DatabricksSettings settings, DatasetLeases leases) {
        this.settings = settings;
        this.leases = leases;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean resumable() {
        return true;
    }

    @Override
    public void check(Map<String, String> parameters) {
        // which there are is Databricks' to say
    }

    @Override
    public JobResult run(JobContext context) throws IOException, InterruptedException, HopelessException {
        DatasetLease lease = leases.take(LeaseUse.WRITE, context.runId() + " on Databricks");
        try {
            return run(new JobsApi(settings), context);
        } finally {
            if (context.goesOnElsewhere()) {
                lease.leave();
            } else {
                lease.close();
            }
        }
    }

    private JobResult run(JobsApi api, JobContext context) throws IOException, InterruptedException, HopelessException {
        for (int attempt = 1; ; attempt++) {
            context.checkStopped();
            long run = api.runNow(token(context, attempt), context.parameters());
            JobsApi.RemoteRun first = api.get(run);
            boolean isPast = first.over() && !first.succeeded() && attempt < context.attempt();
            if (!isPast) {
                return follow(api, run, first, context);
            }
        }
    }

    private JobResult follow(JobsApi api, long run, JobsApi.RemoteRun first, JobContext context)
            throws IOException, InterruptedException, HopelessException {
        JobsApi.RemoteRun now = first;
        try {
            while (!now.over()) {
                context.progress(0, "Databricks run " + run + " is " + now.state());
                Thread.sleep(settings.poll().toMillis());
                now = api.get(run);
            }
        } catch (InterruptedException | JobContext.StoppedException e) {
            if (!context.goesOnElsewhere()) {
                cancel(run);
            }
            throw e;
        }
        if (!now.succeeded()) {
            throw new IOException("Databricks run " + run + " ended as " + now.state()
                    + (now.page().isEmpty() ? "" : " (" + now.page() + ")"));
        }
        return JobResult.done(
                "Databricks run " + run + " has succeeded",
                Map.of("databricksRun", Long.toString(run), "page", now.page()));
    }

    private void cancel(long run) {
        Thread.interrupted(); // has said what it had to
        DatabricksSettings soon = new DatabricksSettings(
                settings.url(), settings.token(), settings.jobId(), settings.poll(), CANCEL_LIMIT, CANCEL_LIMIT);
        try {
            new JobsApi(soon).cancel(run);
        } catch (IOException | HopelessException e) {
            LOG.warn("Databricks run {} could not be cancelled and may go on", run, e);
        } catch (InterruptedException e) {
            LOG.warn("Databricks run {} may go on: interrupted while it was cancelled", run);
            Thread.currentThread().interrupt();
        }
    }

    /** At most 64 characters; another lake's run of the same number was asked for at another time. */
    private static String token(JobContext context, int attempt) {
        return "outrider-" + context.runId() + "-" + context.requestedAt().toEpochMilli() + "-" + attempt;
    }
}
