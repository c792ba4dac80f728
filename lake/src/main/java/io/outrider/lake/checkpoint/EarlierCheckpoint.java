package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;
import java.util.List;

/**
 * A checkpoint that a newer base has replaced, whose files are kept: what to go back to if one of the newer is damaged.
 *
 * @param barrier number of its barrier
 * @param nextOffset all records below are folded into its states
 * @param context what was in force for the records from {@code nextOffset} on
 * @param base see {@link CheckpointManifest}; empty for the beginning of the partition, which needs no files
 * @param deltas see {@link CheckpointManifest}
 */
public record EarlierCheckpoint(
        long barrier, long nextOffset, ContextRef context, List<CheckpointFile> base, List<CheckpointFile> deltas) {

    public EarlierCheckpoint {
        base = List.copyOf(base);
        deltas = List.copyOf(deltas);
    }
}
