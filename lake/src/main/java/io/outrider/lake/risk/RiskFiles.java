package io.outrider.lake.risk;

import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.core.risk.RiskTable;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.CheckpointReplacement;
import io.outrider.lake.checkpoint.CorruptCheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a topic's merchant risk, under {@code checkpoints/TOPIC/risk/}. Calls block. Thread-safe.
 *
 * <ul>
 *   <li>{@code reports/GENERATION/PARTITION/BARRIER-EPOCH-FROM-NEXT.counts}: what a partition counted between two barriers.
 *       Written before the checkpoint's manifest, so it counts only if a manifest has closed its barrier, and of several of
 *       one barrier the one of the highest epoch. One that goes beyond where the next barrier begins, or beyond the manifest, is of
 *       a run that was fenced.
 *   <li>{@code book}: what the aggregator goes on from.
 *   <li>{@code tables/VERSION}: a table, never changed.
 *   <li>{@code current}: the newest version, in decimal. Replaced conditionally, so one of two aggregators finds out.
 * </ul>
 */
public final class RiskFiles {

    private final BlobStore lake;
    private final String topic;
    private final String prefix;

    public RiskFiles(BlobStore lake, String topic) {
        this.lake = lake;
        this.topic = topic;
        this.prefix = "checkpoints/" + topic + "/risk/";
    }

    /** The newest version as it stands in the lake, 0 and no ETag before the first. */
    public record Current(long version, Optional<String> etag) {}

    /** The newest version. */
    public Current current() throws IOException {
        Optional<Blob> found = lake.get(prefix + "current");
        if (found.isEmpty()) {
            return new Current(0, Optional.empty());
        }
        String text = new String(found.get().content(), StandardCharsets.UTF_8).strip();
        if (!text.matches("\\d{1,18}")) {
            throw new IOException(prefix + "current is no version: '" + text + "'");
        }
        return new Current(Long.parseLong(text), Optional.of(found.get().etag()));
    }

    /** Reads a table; IOException if it is missing or damaged. */
    public RiskTable table(long version) throws IOException {
        return find(version)
                .orElseThrow(() -> new IOException("merchant-risk table " + tableName(version) + " is missing"));
    }

    /** Reads a table; empty if there is none of that version (any more). IOException if it is damaged. */
    public Optional<RiskTable> find(long version) throws IOException {
        String name = tableName(version);
        Optional<Blob> blob = lake.get(name);
        try {
            return blob.map(found -> RiskTableCodec.decode(found.content()));
        } catch (IllegalArgumentException e) {
            throw new IOException("merchant-risk table " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Publishes a table under the next free number above the current one.
     *
     * @return the new current version; empty if another aggregator has published meanwhile
     */
    public Optional<Current> publish(byte[] table, Current after) throws IOException {
        long version = after.version() + 1;
        while (lake.putIfAbsent(tableName(version), table).isEmpty()) {
            version++; // left by somebody who never made it current
        }
        byte[] content = Long.toString(version).getBytes(StandardCharsets.UTF_8);
        Optional<String> etag = after.etag().isPresent()
                ? lake.putIfMatch(prefix + "current", content, after.etag().get())
                : lake.putIfAbsent(prefix + "current", content);
        long published = version;
        return etag.map(tag -> new Current(published, Optional.of(tag)));
    }

    /** A table that there is, and when it was written. */
    public record Stored(long version, long writtenMs) {}

    /** Tables that there are, ascending by version. */
    public List<Stored> tables() throws IOException {
        List<Stored> tables = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(prefix + "tables/")) {
            long version = Long.parseLong(entry.name().substring(prefix.length() + "tables/".length()));
            tables.add(new Stored(version, entry.lastModifiedMs()));
        }
        return tables;
    }

    public void deleteTable(long version) throws IOException {
        lake.delete(tableName(version));
    }

    /** The book as it stands. */
    public Optional<Blob> book() throws IOException {
        return lake.get(prefix + "book");
    }

    /** Replaces the book if it is still the one of this ETag; empty if not. */
    public Optional<String> putBook(byte[] book, Optional<String> etag) throws IOException {
        return etag.isPresent()
                ? lake.putIfMatch(prefix + "book", book, etag.get())
                : lake.putIfAbsent(prefix + "book", book);
    }

    /** Writes a report; the same again changes nothing. */
    public void putReport(ReportName name, byte[] counts) throws IOException {
        lake.put(prefix + "reports/" + name.path(), counts);
    }

    /** All reports of one incarnation of the topic, by partition and barrier. */
    public List<ReportName> reports(String generation) throws IOException {
        List<ReportName> reports = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(prefix + "reports/" + generation + "/")) {
            ReportName.parse(entry.name().substring(prefix.length() + "reports/".length()))
                    .ifPresent(reports::add);
        }
        return reports;
    }

    /** Reads a report; IOException if it is missing or damaged. */
    public MerchantCounts report(ReportName name) throws IOException {
        String path = prefix + "reports/" + name.path();
        Blob blob = lake.get(path).orElseThrow(() -> new IOException("report " + path + " is missing"));
        try {
            return MerchantCounts.decode(blob.content());
        } catch (IllegalArgumentException e) {
            throw new IOException("report " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    public void deleteReport(ReportName name) throws IOException {
        lake.delete(prefix + "reports/" + name.path());
    }

    /** A partition's checkpoint as it stands; empty if there is none that can be read. */
    public Optional<CheckpointManifest> manifest(int partition) throws IOException {
        return new CheckpointReplacement(lake, topic, partition).manifest();
    }

    /** The same, but {@link CorruptCheckpointException} if there is one that cannot be understood; empty only if there is none. */
    public Optional<CheckpointManifest> intactManifest(int partition) throws IOException {
        CheckpointReplacement checkpoint = new CheckpointReplacement(lake, topic, partition);
        if (checkpoint.isDamaged()) {
            throw new CorruptCheckpointException(String.valueOf(checkpoint.damage()), null);
        }
        return checkpoint.manifest();
    }

    private String tableName(long version) {
        return prefix + "tables/" + String.format("%012d", version);
    }
}
