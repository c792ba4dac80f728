package io.outrider.training.past;

import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.PastDecisions.Past;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.dataset.DatasetRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks for transactions among the rows of a dataset. Blocks. Thread-safe. */
final class DatasetDecisions {

    /** Files that are looked through where no date is given, the newest dates first. */
    static final int FILES = 200;

    private final BlobStore lake;
    private final FeaturePlan plan;
    private final Deciders deciders;
    private final Path disk;

    /** @param disk where temporary files may be made */
    DatasetDecisions(BlobStore lake, FeaturePlan plan, Deciders deciders, Path disk) {
        this.lake = lake;
        this.plan = plan;
        this.deciders = deciders;
        this.disk = disk;
    }

    /** Adds what is found, and what was looked through. */
    void find(DatasetManifest dataset, TransactionKey key, List<Past> found, List<String> lookedThrough)
            throws IOException {
        String name = "dataset " + dataset.dataset() + ":" + dataset.version();
        DatasetOrigin origin = dataset.origin();
        if (!origin.planFingerprint().equals(plan.fingerprint())) {
            lookedThrough.add("nothing of " + name + ", which is of another feature plan");
            return;
        }
        int partition = AccountPartitioner.named(origin.partitioner()).partition(key.account(), origin.partitions());
        List<DataFile> files = files(dataset, partition, key);
        DatasetRows rows = new DatasetRows(lake, dataset, plan, disk);
        Optional<ContextHistory> history = files.isEmpty() ? Optional.empty() : deciders.history(partition, 0);
        int read = rows.of(
                files,
                key::mayGoOn,
                row -> key.account().equals(row.text("account")) && key.id().equals(row.text("transaction_id")),
                row -> {
                    if (key.isOn(row.eventTimeMs())) {
                        found.add(past(origin, history, row));
                    }
                });
        lookedThrough.add(
                name + (key.on() == null ? "" : " on " + key.on()) + " (" + TransactionKey.files(read, files.size())
                        + " of partition " + partition + (files.isEmpty() ? "" : ", " + dates(files)) + ")");
    }

    private static List<DataFile> files(DatasetManifest dataset, int partition, TransactionKey key) {
        List<DataFile> files = new ArrayList<>();
        for (DataFile file : dataset.files()) {
            if (file.partition() == partition
                    && (key.on() == null || file.date().equals(key.on().toString()))) {
                files.add(file);
            }
        }
        files.sort(Comparator.comparing(DataFile::date).reversed().thenComparing(DataFile::name));
        return key.on() == null && files.size() > FILES ? files.subList(0, FILES) : files;
    }

    private static String dates(List<DataFile> newestFirst) {
        String last = newestFirst.get(0).date();
        String first = newestFirst.get(newestFirst.size() - 1).date();
        return first.equals(last) ? first : first + " to " + last;
    }

    private Past past(DatasetOrigin origin, Optional<ContextHistory> history, DatasetRow row) {
        String generation = origin.generation().isEmpty()
                ? history.map(ContextHistory::generation).orElse("")
                : origin.generation();
        LogPosition position = new LogPosition(generation, row.partition(), row.sequenceNumber());
        Transaction transaction = row.event();
        if (history.isEmpty() || !history.get().generation().equals(generation)) {
            return Deciders.unknown(transaction, position, "its log was not decided live");
        }
        if (!origin.risk().equals(DatasetOrigin.IN_FORCE)) {
            return Deciders.unknown(transaction, position, "the dataset's features of merchants are not the live ones");
        }
        return deciders.decided(
                history.get(),
                transaction,
                position,
                origin.planFingerprint(),
                row.vector().clone());
    }
}
