package io.outrider.training.dataset;

import io.outrider.lake.checkpoint.CheckpointFile;
import java.util.List;

/**
 * How far a dataset has come in a partition of the log, and with which account states the next version goes on.
 *
 * @param nextSequenceNumber all records below are in, or counted as bad
 * @param newestAppendMs append time of the last record, milliseconds since the epoch; 0 before the first
 * @param lastFile path of the last Capture file read; empty before the first. Files that sort before it are done with
 * @param states the states of all accounts of the partition after the last record, in the format of checkpoints
 */
public record PartitionProgress(
        int partition, long nextSequenceNumber, long newestAppendMs, String lastFile, List<CheckpointFile> states) {

    public PartitionProgress {
        states = List.copyOf(states);
    }

    /** Of a partition of which nothing was read. */
    public static PartitionProgress start(int partition) {
        return new PartitionProgress(partition, 0, 0, "", List.of());
    }
}
