package io.outrider.lake.alert;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The alert store of a topic of transactions, under {@code alerts/TOPIC/}: {@code manifest.json} and, under {@code
 * TABLE/date=DAY/}, the files that it names. Calls block. Thread-safe.
 */
public final class AlertFiles implements AutoCloseable {

    private final BlobStore lake;
    private final String prefix;
    private final LocalCopies copies;
    private final UndeliveredAlerts undelivered;
    private final Supplier<ErasureList> erasures;

    /** The manifest as it stands; no ETag before the first. */
    public record Current(StoreManifest manifest, Optional<String> etag) {}

    /**
     * Opens the store.
     *
     * @param copiesBytes room on the node's disk for copies of files that are read
     */
    public AlertFiles(BlobStore lake, String topic, long copiesBytes) throws IOException {
        this(lake, topic, copiesBytes, () -> ErasureList.NONE);
    }

    /**
     * The same, that leaves out what was erased.
     *
     * @param erasures asked at each question; of any thread
     */
    public AlertFiles(BlobStore lake, String topic, long copiesBytes, Supplier<ErasureList> erasures)
            throws IOException {
        this.erasures = erasures;
        this.lake = lake;
        this.prefix = "alerts/" + topic + "/";
        this.undelivered = new UndeliveredAlerts(lake, topic);
        this.copies = new LocalCopies(lake::open, copiesBytes);
    }

    /** What is in the store. */
    public Current current() throws IOException {
        String name = prefix + "manifest.json";
        Optional<Blob> blob = lake.get(name);
        return blob.isEmpty()
                ? new Current(StoreManifest.EMPTY, Optional.empty())
                : new Current(
                        StoreManifest.decode(name, blob.get().content()),
                        Optional.of(blob.get().etag()));
    }

    /** Replaces the manifest; empty if somebody else has meanwhile. IOException: whether it is replaced is unknown. */
    Optional<Current> replace(Current current, StoreManifest next) throws IOException {
        String name = prefix + "manifest.json";
        Optional<String> etag = current.etag().isPresent()
                ? lake.putIfMatch(name, next.encode(), current.etag().get())
                : lake.putIfAbsent(name, next.encode());
        return etag.map(tag -> new Current(next, Optional.of(tag)));
    }

    /** Rows of a table that match, newest first. NoSuchFileException here or later: the manifest is too old, read it again. */
    public RowScan scan(StoreManifest manifest, StoredTable table, RowFilter filter) {
        return scan(manifest.files(table).stream().filter(filter::mayHave).toList(), table, filter);
    }

    RowScan scan(List<StoredFile> files, StoredTable table, RowFilter filter) {
        ErasureList erased = erasures.get();
        return new RowScan(files, copies, filter.predicate(table), row -> table.isErased(row, erased));
    }

    /** All erasures as they are known now. */
    ErasureList erasures() {
        return erasures.get();
    }

    /** Rids what webhooks did not take of erased accounts. */
    void eraseUndelivered() throws IOException {
        undelivered.erase(erasures.get());
    }

    /** The same for erasures that earlier programs, which let these be, have called done; once in a store's life. */
    void eraseUndeliveredOfBefore() throws IOException {
        String mark = prefix + "undelivered-erased-too";
        if (lake.get(mark).isEmpty()) {
            eraseUndelivered();
            lake.put(mark, new byte[0]);
        }
    }

    /** The row of an id; null if there is none. */
    public @Nullable StoredRow find(StoreManifest manifest, StoredTable table, String id) throws IOException {
        try (RowScan scan = scan(manifest, table, RowFilter.ofId(id))) {
            return scan.next();
        }
    }

    /** Writes a file that nobody names yet; false if the name is taken. */
    boolean create(String name, byte[] content) throws IOException {
        return lake.putIfAbsent(name, content).isPresent();
    }

    String name(StoredTable table, String date, String file) {
        return prefix + table.folder() + "/date=" + date + "/" + file;
    }

    void delete(String name) throws IOException {
        lake.delete(name);
    }

    /** All files of a table, whether they count or not. */
    List<BlobStore.Entry> list(StoredTable table) throws IOException {
        return lake.list(prefix + table.folder() + "/");
    }

    @Override
    public void close() throws IOException {
        copies.close();
    }
}
