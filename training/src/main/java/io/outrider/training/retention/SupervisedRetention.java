package io.outrider.training.retention;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.RetentionMetrics;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Retention as the supervisor runs it: one run deletes what is to go. Stopped or killed anywhere, the next run goes on. It keeps
 * ETL, training and erasures away while it deletes ({@link DatasetLeases}), some files at a time, and looks again each time
 * whether they are still to go; while one of those is at work, it deletes nothing and waits, as long as the run may
 * take.
 */
public final class SupervisedRetention implements Job {

    /** Its kind. */
    public static final String KIND = "retention";

    /** ETL waits for a batch at most. */
    private static final int BATCH = 500;

    private static final Duration POLL = Duration.ofSeconds(2);

    private final BlobStore lake;
    private final Datasets datasets;
    private final DatasetLeases leases;
    private final Retention retention;
    private final RetentionMetrics metrics;

    /**
     * Retention in a lake.
     *
     * @param container of the datasets
     * @param leases of that container
     */
    public SupervisedRetention(
            BlobStore lake, String container, DatasetLeases leases, Retention retention, RetentionMetrics metrics) {
        this.lake = lake;
        this.leases = leases;
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
    public JobResult run(JobContext context) throws IOException, InterruptedException {
        context.progress(0, "looking");
        Tally tally = new Tally();
        List<Expired> planned;
        try (DatasetLease lease = lease(context, 0, tally)) {
            shorten(tally);
            lease.requireHeld();
            planned = retention.expired();
        }
        int end = 0;
        for (int begin = 0; begin < planned.size(); begin = end) {
            end = end(planned, begin);
            double fraction = begin / (double) planned.size();
            context.progress(fraction, "deleting " + planned.get(begin).what(), tally.counts);
            try (DatasetLease lease = lease(context, fraction, tally)) {
                delete(planned.subList(begin, end), lease, context, tally);
            }
        }
        return tally.result();
    }

    /** Holds nothing while it waits. */
    private DatasetLease lease(JobContext context, double fraction, Tally tally)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return leases.take(LeaseUse.CLEAR, "retention");
            } catch (DatasetLeases.HeldException e) {
                context.progress(fraction, "waiting for " + e.holder(), tally.counts);
            }
            Thread.sleep(POLL.toMillis());
            context.checkStopped();
        }
    }

    private void shorten(Tally tally) throws IOException {
        for (DatasetManifest version : retention.tooLong()) {
            datasets.publish(Optional.of(version), over -> retention.shortened(over.orElseThrow()));
            tally.counts.merge("shortened", 1L, Long::sum);
        }
    }

    /** So many of one kind; of models one, as whoever puts one in force takes no lease. */
    private static int end(List<Expired> planned, int begin) {
        int end = begin + 1;
        while (end < planned.size()
                && end - begin < BATCH
                && planned.get(end).what().equals(planned.get(begin).what())
                && !planned.get(end).isModel()) {
            end++;
        }
        return end;
    }

    private void delete(List<Expired> batch, DatasetLease lease, JobContext context, Tally tally) throws IOException {
        Set<Expired> still = new HashSet<>(retention.expired(batch.get(0).what()));
        for (Expired one : batch) {
            context.checkStopped();
            if (still.contains(one)) {
                lease.requireHeld();
                lake.delete(one.name());
                metrics.deleted(one.what(), one.sizeBytes());
                tally.deleted(one);
            }
        }
    }

    /** What a run has done so far. */
    private static final class Tally {
        private final Map<String, Long> counts = new TreeMap<>();
        private long files;
        private long bytes;

        void deleted(Expired one) {
            counts.merge(one.what(), 1L, Long::sum);
            files++;
            bytes += one.sizeBytes();
        }

        JobResult result() {
            if (counts.isEmpty()) {
                return JobResult.nothingNew("nothing is older than it is kept");
            }
            Map<String, String> results = new TreeMap<>();
            counts.forEach((what, count) -> results.put(what, Long.toString(count)));
            results.put("bytes", Long.toString(bytes));
            return JobResult.done(
                    String.format(Locale.ROOT, "%,d files deleted, %,d bytes: %s", files, bytes, counts), results);
        }
    }
}
