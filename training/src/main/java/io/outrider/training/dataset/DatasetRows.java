package io.outrider.training.dataset;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LogPosition;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.table.TableBatch;
import io.outrider.lake.table.TableBatches;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a dataset's version, one file at a time: fetched to disk, compared with the digest that the manifest has of
 * it, read, deleted. Memory is one row group, and where rows are scored some batches. For one thread.
 */
public final class DatasetRows {

    /** What names of feature columns begin with. */
    public static final String FEATURE = "f_";

    private static final Set<String> KEY = Set.of("account", "transaction_id");

    private final BlobStore lake;
    private final DatasetManifest dataset;
    private final List<@Nullable String> features = new ArrayList<>();
    private final Path disk;

    /**
     * The rows of a version.
     *
     * @param plan the dataset's
     * @param disk where temporary files may be made
     * @throws IllegalArgumentException if the dataset is of another plan
     */
    public DatasetRows(BlobStore lake, DatasetManifest dataset, FeaturePlan plan, Path disk) {
        this(lake, dataset, plan, disk, feature -> true);
    }

    /**
     * The same with some of the features: reading a row takes as long as it has columns.
     *
     * @param wanted which features; the others are NaN in every vector
     */
    public DatasetRows(BlobStore lake, DatasetManifest dataset, FeaturePlan plan, Path disk, Predicate<String> wanted) {
        if (!dataset.origin().planFingerprint().equals(plan.fingerprint())) {
            throw new IllegalArgumentException("dataset " + dataset.dataset() + ":" + dataset.version()
                    + " has the features of plan " + dataset.origin().plan() + " "
                    + dataset.origin().planFingerprint() + ", this program's are " + plan.fingerprint()
                    + ": make a dataset anew with etl");
        }
        this.lake = lake;
        this.dataset = dataset;
        for (Feature feature : plan.features()) {
            features.add(wanted.test(feature.name()) ? FEATURE + feature.name() : null);
        }
        this.disk = disk;
    }

    /** Hands over all rows from a date on; see {@link #between}. */
    public void from(String from, DatasetRow.Consumer consumer, DoubleConsumer done) throws IOException {
        between(from, "9999-12-31", consumer, done);
    }

    /**
     * Hands over all rows of the files whose event dates lie between two dates, both included: by date, then by partition.
     *
     * @param from {@code 2018-04-01}; empty for the first
     * @param to {@code 2018-04-30}
     * @param done is told the share of the rows read so far
     * @throws IOException also if a file is not what the manifest says; the message names it
     */
    public void between(String from, String to, DatasetRow.Consumer consumer, DoubleConsumer done) throws IOException {
        DatasetRow.Consumer remaining = remaining(DatasetErasure.erasures(lake, dataset.origin()), consumer);
        batches(from, to, rows -> each(rows, remaining), done);
    }

    /** Scores vectors, on any thread: an array of scores for each. */
    @FunctionalInterface
    public interface Scoring {
        double[][] score(double[][] vectors);
    }

    /** Takes rows with their scores. */
    @FunctionalInterface
    public interface ScoredConsumer {
        void take(DatasetRow row, double[] scores) throws IOException;
    }

    /**
     * Hands over the same rows in the same order, each with its scores.
     *
     * @param threads that compute the scores, while the caller's reads on; 0: that one alone
     * @throws IOException as above
     */
    public void scored(
            String from, String to, Scoring scoring, int threads, ScoredConsumer consumer, DoubleConsumer done)
            throws IOException {
        ErasureList erasures = DatasetErasure.erasures(lake, dataset.origin());
        ScoredConsumer remaining = (row, scores) -> {
            if (remains(erasures, row)) {
                consumer.take(row, scores);
            }
        };
        try (ScoringAhead ahead = new ScoringAhead(scoring, threads, remaining)) {
            batches(from, to, ahead::add, done);
            ahead.finish();
        }
    }

    /** Takes a batch of rows, of which it makes what it likes. */
    private interface Batches {
        void take(DatasetRow rows) throws IOException;
    }

    private void batches(String from, String to, Batches taker, DoubleConsumer done) throws IOException {
        List<DataFile> files = dataset.files().stream()
                .filter(file -> file.date().compareTo(from) >= 0 && file.date().compareTo(to) <= 0)
                .sorted(Comparator.comparing(DataFile::date)
                        .thenComparingInt(DataFile::partition)
                        .thenComparing(DataFile::name))
                .toList();
        double all = files.stream().mapToLong(DataFile::rows).sum();
        long rows = 0;
        for (DataFile file : files) {
            fetched(file, local -> read(file, local, taker));
            rows += file.rows();
            done.accept(rows / Math.max(1, all));
        }
    }

    private static void each(DatasetRow rows, DatasetRow.Consumer consumer) throws IOException {
        for (int i = 0; i < rows.rows(); i++) {
            rows.goTo(i);
            consumer.take(rows);
        }
    }

    /**
     * Hands over those rows of some files that are chosen by their account and id alone; features are read only in files that have
     * one.
     *
     * @param more asked before each file; false ends it
     * @param chosen is shown rows that have {@code account} and {@code transaction_id} and nothing else
     * @return how many files were read
     * @throws IOException as above
     */
    public int of(
            List<DataFile> files, BooleanSupplier more, Predicate<DatasetRow> chosen, DatasetRow.Consumer consumer)
            throws IOException {
        ErasureList erasures = DatasetErasure.erasures(lake, dataset.origin());
        DatasetRow.Consumer some = row -> {
            if (chosen.test(row) && remains(erasures, row)) {
                consumer.take(row);
            }
        };
        int read = 0;
        while (read < files.size() && more.getAsBoolean()) {
            DataFile file = files.get(read++);
            fetched(file, local -> {
                if (hasAny(local, chosen)) {
                    read(file, local, rows -> each(rows, some));
                }
            });
        }
        return read;
    }

    private static boolean hasAny(Path local, Predicate<DatasetRow> chosen) throws IOException {
        try (TableBatches batches = new TableBatches(local, KEY::contains)) {
            for (TableBatch batch = batches.next(); batch != null; batch = batches.next()) {
                DatasetRow row = new DatasetRow(local.toString(), batch, List.of());
                for (int i = 0; i < batch.rows(); i++) {
                    row.goTo(i);
                    if (chosen.test(row)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Reads a fetched file. */
    private interface Reading {
        void read(Path local) throws IOException;
    }

    private void fetched(DataFile file, Reading reading) throws IOException {
        Path local = Files.createTempFile(disk, "outrider-dataset-", ".parquet");
        try {
            fetch(file, local);
            reading.read(local);
        } finally {
            Files.deleteIfExists(local);
        }
    }

    /** Rows of erased accounts that are still in the files are handed to nobody. */
    private DatasetRow.Consumer remaining(ErasureList erasures, DatasetRow.Consumer consumer) {
        return row -> {
            if (remains(erasures, row)) {
                consumer.take(row);
            }
        };
    }

    private boolean remains(ErasureList erasures, DatasetRow row) {
        return erasures.requests().isEmpty()
                || !erasures.coversTransaction(
                        row.account(),
                        new LogPosition(dataset.origin().generation(), row.partition(), row.sequenceNumber()));
    }

    private void fetch(DataFile file, Path to) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream blob = lake.open(file.name())
                        .orElseThrow(() -> new IOException("dataset " + dataset.dataset() + ":" + dataset.version()
                                + " names " + file.name() + ", which is not in the lake"));
                InputStream read = new DigestInputStream(blob, digest)) {
            Files.copy(read, to, StandardCopyOption.REPLACE_EXISTING);
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(file.sha256())) {
            throw new IOException(file.name() + " is damaged: its SHA-256 is " + found + ", the manifest of "
                    + dataset.dataset() + ":" + dataset.version() + " says " + file.sha256());
        }
    }

    private void read(DataFile file, Path local, Batches taker) throws IOException {
        try (TableBatches batches = new TableBatches(local, this::isRead)) {
            for (TableBatch batch = batches.next(); batch != null; batch = batches.next()) {
                taker.take(new DatasetRow(file.name(), batch, features));
            }
        }
    }

    private boolean isRead(String column) {
        return !column.startsWith(FEATURE) || features.contains(column);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
