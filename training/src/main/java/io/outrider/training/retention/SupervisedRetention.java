package io.outrider.training.retention;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.RetentionMetrics;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Retention as the supervisor runs it: one run deletes what is to go. Stopped or killed anywhere, the next run goes on. */
public final class SupervisedRetention implements Job {

    /** Its kind. */
    public static final String KIND = "retention";

    private final BlobStore lake;
    private final Datasets datasets;
    private final Retention retention;
    private final RetentionMetrics metrics;

    /** @param container of the datasets */
    public SupervisedRetention(BlobStore lake, String container, Retention retention, RetentionMetrics metrics) {
        this.lake = lake;
        this.datasets = new Datasets(lake, container);
        this.retention = retention;
        this.metrics = metrics;
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
    public void check(Map<String, String> parameters) throws RefusedException {
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            throw new RefusedException(
                    parameter.getKey(), parameter.getValue(), "retention takes no parameters, only settings");
        }
    }

    @Override
    public JobResult run(JobContext context) throws IOException {
        context.progress(0, "looking");
        Map<String, Long> counts = new TreeMap<>();
        for (DatasetManifest version : retention.tooLong()) {
            datasets.publish(
                    Optional.of(version),
                    over -> retention.shortened(
                            over.orElseThrow())); // refused where ETL was faster: the next attempt shortens that one
            counts.merge("shortened", 1L, Long::sum);
        }
        List<Expired> expired = retention.expired();
        long bytes = 0;
        for (int i = 0; i < expired.size(); i++) {
            Expired one = expired.get(i);
            context.progress(i / (double) expired.size(), "deleting " + one.what(), counts);
            lake.delete(one.name());
            metrics.deleted(one.what(), one.sizeBytes());
            counts.merge(one.what(), 1L, Long::sum);
            bytes += one.sizeBytes();
        }
        if (counts.isEmpty()) {
            return JobResult.nothingNew("nothing is older than it is kept");
        }
        Map<String, String> results = new TreeMap<>();
        counts.forEach((what, count) -> results.put(what, Long.toString(count)));
        results.put("bytes", Long.toString(bytes));
        return JobResult.done(
                String.format(Locale.ROOT, "%,d files deleted, %,d bytes: %s", expired.size(), bytes, counts), results);
    }
}
