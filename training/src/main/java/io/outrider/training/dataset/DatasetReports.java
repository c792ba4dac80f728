package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reports on datasets that name accounts: {@code backtests/RUN.json}. They can be made again from the dataset at any time, so an
 * erasure ({@link DatasetErasure}) deletes them all rather than look whom each one names. Calls block. Thread-safe.
 */
public final class DatasetReports {

    private static final String FOLDER = "backtests/";
    private static final String ENDING = ".json";

    private final BlobStore lake;

    public DatasetReports(BlobStore lake) {
        this.lake = lake;
    }

    /** Keeps a run's report, and of the others the newest, so that there are at most so many. */
    public void put(String run, byte[] report, int most) throws IOException {
        lake.put(name(run), report);
        List<String> all = lake.list(FOLDER).stream()
                .map(BlobStore.Entry::name)
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .toList();
        for (String old : all.subList(0, Math.max(0, all.size() - most))) {
            lake.delete(old);
        }
    }

    /** A run's report; empty if there is none, or none any more. */
    public Optional<byte[]> get(String run) throws IOException {
        return lake.get(name(run)).map(BlobStore.Blob::content);
    }

    public void delete(String run) throws IOException {
        lake.delete(name(run));
    }

    void deleteAll() throws IOException {
        for (BlobStore.Entry report : lake.list(FOLDER)) {
            lake.delete(report.name());
        }
    }

    private static String name(String run) {
        return FOLDER + run + ENDING;
    }
}
