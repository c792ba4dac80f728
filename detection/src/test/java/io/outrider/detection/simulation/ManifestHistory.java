package io.outrider.detection.simulation;

import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.CheckpointManifest;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All manifests that took effect, in order: who owned the partition, and what was in force from which offset on. */
final class ManifestHistory {

    private final TreeMap<Long, ContextRef> contexts = new TreeMap<>();
    private long epoch;
    private long nextOffset;
    private @Nullable String violation;

    void add(CheckpointManifest manifest) {
        if (manifest.epoch() < epoch) {
            violation = "epoch " + manifest.epoch() + " wrote its manifest over one of epoch " + epoch;
        }
        epoch = Math.max(epoch, manifest.epoch());
        nextOffset = manifest.nextOffset();
        ContextRef before = contextAt(manifest.nextOffset());
        if (contexts.isEmpty() || manifest.nextOffset() >= contexts.lastKey()) {
            contexts.put(manifest.nextOffset(), manifest.context());
        } else if (!manifest.context().equals(before)) {
            violation = "offset " + manifest.nextOffset() + " was decided under " + before + " and is again, under "
                    + manifest.context();
        }
    }

    /** What was in force for the record at an offset. */
    @Nullable
    ContextRef contextAt(long offset) {
        Map.Entry<Long, ContextRef> entry = contexts.floorEntry(offset);
        return entry == null ? null : entry.getValue();
    }

    /** The highest so far; 0 before the first claim. */
    long epoch() {
        return epoch;
    }

    /** How far the last one is. */
    long nextOffset() {
        return nextOffset;
    }

    /** What the manifests alone show to be wrong; null if nothing does. */
    @Nullable
    String violation() {
        return violation;
    }
}
