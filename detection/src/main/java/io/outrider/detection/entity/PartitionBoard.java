package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the node's partitions tell about themselves, for whoever asks. Thread-safe. */
public final class PartitionBoard {

    /**
     * A partition as it is.
     *
     * @param epoch of the run, 0 when none is running
     * @param durableOffset all records below are durably done
     * @param context in force; null when none is running
     * @param problem what keeps the partition from running or from checkpoints; null if nothing does
     */
    public record Status(
            long epoch,
            long durableOffset,
            @Nullable ContextRef context,
            @Nullable String problem) {

        /** Whether a run is in progress. */
        public boolean running() {
            return epoch > 0;
        }
    }

    private final Map<Integer, Status> statuses = new ConcurrentSkipListMap<>();

    /** All partitions this node has to do with. */
    public Map<Integer, Status> all() {
        return new TreeMap<>(statuses);
    }

    /** One partition, or null if this node has nothing to do with it. */
    public @Nullable Status of(int partition) {
        return statuses.get(partition);
    }

    /** How many partitions run here. */
    int running() {
        int count = 0;
        for (Status status : statuses.values()) {
            count += status.running() ? 1 : 0;
        }
        return count;
    }

    void put(int partition, Status status) {
        statuses.put(partition, status);
    }

    void remove(int partition) {
        statuses.remove(partition);
    }
}
