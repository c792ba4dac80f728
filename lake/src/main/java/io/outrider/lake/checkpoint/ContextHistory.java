package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which context was in force for each record of a partition, as its manifest and the files that this names tell. Immutable.
 *
 * <p>The history begins where the partition was first claimed, or where a program first kept it. It is settled below the
 * manifest's offset: for records from there on, another context may yet come into force.
 */
public final class ContextHistory {

    private static final int ROUNDS = 5;

    private final NavigableMap<Long, ContextRef> byOffset;
    private final String generation;
    private final long settledBelow;

    private ContextHistory(NavigableMap<Long, ContextRef> byOffset, String generation, long settledBelow) {
        this.byOffset = byOffset;
        this.generation = generation;
        this.settledBelow = settledBelow;
    }

    /**
     * Reads a partition's history; empty if it was never claimed. Takes memory for the changes behind {@code from}, about
     * 100 bytes each.
     *
     * @param from offset of the first record that will be asked for
     * @throws CorruptCheckpointException if the manifest or a file that it names is damaged
     */
    public static Optional<ContextHistory> read(BlobStore lake, String topic, int partition, long from)
            throws IOException {
        String name = new CheckpointFiles(lake, topic, partition).manifestName();
        for (int round = 1; ; round++) {
            Optional<BlobStore.Blob> blob = lake.get(name);
            if (blob.isEmpty()) {
                return Optional.empty();
            }
            CheckpointManifest manifest =
                    CheckpointManifest.fromJson(name, blob.get().content());
            try {
                return Optional.of(of(lake, manifest, from));
            } catch (CorruptCheckpointException e) {
                boolean replaced = !lake.get(name)
                        .map(BlobStore.Blob::etag)
                        .equals(Optional.of(blob.get().etag()));
                if (!replaced || round == ROUNDS) {
                    throw e;
                }
                // A newer manifest names other files, and those of this one are gone.
            }
        }
    }

    /** The history that a manifest tells. */
    static ContextHistory of(BlobStore lake, CheckpointManifest manifest, long from) throws IOException {
        NavigableMap<Long, ContextRef> byOffset = new TreeMap<>();
        List<HistorySegment> segments = manifest.history();
        for (int i = 0; i < segments.size(); i++) {
            boolean passed = i + 1 < segments.size() && segments.get(i + 1).fromOffset() <= from;
            if (!passed) {
                HistoryArchive.read(lake, segments.get(i))
                        .forEach(change -> byOffset.put(change.offset(), change.context()));
            }
        }
        manifest.changes().forEach(change -> byOffset.put(change.offset(), change.context()));
        return new ContextHistory(byOffset, manifest.generation(), manifest.nextOffset());
    }

    /** The topic's incarnation that offsets are of. */
    public String generation() {
        return generation;
    }

    /** Below this offset the history can't change any more. */
    public long settledBelow() {
        return settledBelow;
    }

    /** What the record at an offset was decided under; null if it lies before the history. */
    public @Nullable ContextRef at(long offset) {
        Map.Entry<Long, ContextRef> entry = byOffset.floorEntry(offset);
        return entry == null ? null : entry.getValue();
    }

    /** All changes that were read, by offset. */
    public List<ContextChange> changes() {
        return byOffset.entrySet().stream()
                .map(entry -> new ContextChange(entry.getKey(), entry.getValue()))
                .toList();
    }
}
