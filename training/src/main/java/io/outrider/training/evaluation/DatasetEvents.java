package io.outrider.training.evaluation;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.lake.files.FileEvent;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetErasure;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.StoredFile;
import io.outrider.training.etl.EventTable;
import io.outrider.training.etl.KnownLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A dataset's rows, with the vectors that ETL computed: by date, and within it merged from the partitions by event time, each
 * partition's rows in the order of the log. One row group of each partition is in memory.
 */
final class DatasetEvents implements EvaluationEvents {

    private final DatasetSource source;
    private final EventTable table;
    private final Deque<List<DataFile>> dates;
    private final PriorityQueue<PartitionRows> heads = new PriorityQueue<>(
            Comparator.comparingLong(PartitionRows::eventTimeMs).thenComparingInt(rows -> rows.partition));
    private final List<PartitionRows> open = new ArrayList<>();
    private final @Nullable KnownLabels atFit;
    private final @Nullable KnownLabels atEnd;
    private final ErasureList erasures;
    private final long fitMs;
    private final double all;
    private double[] vector = new double[0];
    private long rows;

    /**
     * The rows of a version.
     *
     * @param fitMs when a model is fitted: labels of events before are those known by then
     * @throws IllegalArgumentException if the dataset is of another plan
     */
    DatasetEvents(DatasetSource source, FeaturePlan plan, long fitMs) throws IOException {
        DatasetManifest version = source.version();
        if (!version.origin().planFingerprint().equals(plan.fingerprint())) {
            throw new IllegalArgumentException("dataset " + version.dataset() + ":" + version.version()
                    + " has the features of plan " + version.origin().plan() + " with fingerprint "
                    + version.origin().planFingerprint() + ", configured is " + plan.fingerprint());
        }
        this.source = source;
        this.erasures = DatasetErasure.erasures(source.lake(), version.origin());
        this.table = new EventTable(plan);
        this.dates = byDate(version.files());
        this.all = Math.max(1, version.total().rows());
        this.fitMs = fitMs;
        boolean declared = version.origin().labelDelay().isPresent();
        this.atFit = declared ? null : labels(fitMs);
        this.atEnd = declared ? null : labels(version.newestAppendMs());
    }

    private KnownLabels labels(long asOfMs) throws IOException {
        return KnownLabels.read(source.lake(), source.version(), asOfMs, source.maturity(), source.disk());
    }

    private static Deque<List<DataFile>> byDate(List<DataFile> files) {
        Map<String, List<DataFile>> byDate = new TreeMap<>();
        files.forEach(file ->
                byDate.computeIfAbsent(file.date(), date -> new ArrayList<>()).add(file));
        return new ArrayDeque<>(byDate.values());
    }

    /** One partition's rows of one date, in the order of the log. */
    private final class PartitionRows implements AutoCloseable {

        private final int partition;
        private final Deque<DataFile> files;
        private final Path file;
        private @Nullable TableFileReader reader;
        private @Nullable Object[] row = new @Nullable Object[0];
        private Transaction event = new Transaction("", "", 0, 0, null, null, null, null, null);

        PartitionRows(int partition, List<DataFile> files) throws IOException {
            this.partition = partition;
            this.files = new ArrayDeque<>(files);
            this.file = Files.createTempFile(source.disk(), "outrider-dataset-", ".parquet");
        }

        long eventTimeMs() {
            return event.eventTimeMs();
        }

        boolean advance() throws IOException {
            while (true) {
                @Nullable Object @Nullable [] next = reader == null ? null : reader.next();
                if (next != null) {
                    row = next;
                    event = EventTable.event(next);
                    if (!isErased(next, event)) {
                        return true;
                    }
                    continue;
                }
                closeReader();
                DataFile following = files.poll();
                if (following == null) {
                    return false;
                }
                StoredFile stored = new StoredFile(following.name(), following.sizeBytes(), following.sha256());
                Files.write(file, stored.read(source.lake()));
                reader = new TableFileReader(file);
            }
        }

        private boolean isErased(@Nullable Object[] of, Transaction transaction) {
            return !erasures.requests().isEmpty()
                    && of[0] instanceof Long partition
                    && of[1] instanceof Long number
                    && erasures.coversTransaction(
                            transaction.account(),
                            new LogPosition(source.version().origin().generation(), partition.intValue(), number));
        }

        private void closeReader() throws IOException {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }

        @Override
        public void close() throws IOException {
            closeReader();
            Files.deleteIfExists(file);
        }
    }

    @Override
    public @Nullable FileEvent next() throws IOException {
        while (heads.isEmpty()) {
            if (!beginDate()) {
                return null;
            }
        }
        PartitionRows from = heads.remove();
        vector = table.vector(from.row);
        FileEvent event = new FileEvent(labelled(from.event), -1);
        rows++;
        if (from.advance()) {
            heads.add(from);
        }
        return event;
    }

    private boolean beginDate() throws IOException {
        close();
        List<DataFile> date = dates.poll();
        if (date == null) {
            return false;
        }
        Map<Integer, List<DataFile>> byPartition = new TreeMap<>();
        date.forEach(file -> byPartition
                .computeIfAbsent(file.partition(), partition -> new ArrayList<>())
                .add(file));
        for (Map.Entry<Integer, List<DataFile>> files : byPartition.entrySet()) {
            PartitionRows partition = new PartitionRows(files.getKey(), files.getValue());
            open.add(partition);
            if (partition.advance()) {
                heads.add(partition);
            }
        }
        return true;
    }

    /** With the verdict as it was known: when the model was fitted, or at the end, by which it is measured. */
    private Transaction labelled(Transaction event) {
        KnownLabels labels = event.eventTimeMs() < fitMs ? atFit : atEnd;
        return labels == null
                ? event
                : event.withFraud(labels.of(event).map(KnownLabels.Known::fraud).orElse(null));
    }

    @Override
    public double[] vector() {
        return vector;
    }

    @Override
    public long rejected() {
        return source.version().total().badRecords();
    }

    @Override
    public List<String> rejectedExamples() {
        return List.of();
    }

    /** A dataset lies by date, as ETL wrote it. */
    @Override
    public void requireOrderToTheEnd() {}

    @Override
    public double fractionRead() {
        return rows / all;
    }

    @Override
    public void close() throws IOException {
        for (PartitionRows partition : open) {
            partition.close();
        }
        open.clear();
        heads.clear();
    }
}
