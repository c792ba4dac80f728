package io.outrider.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How this node is doing, for health checks and the console. Thread-safe. */
public interface NodeStatus {

    /**
     * The node as it is at one moment.
     *
     * @param ready whether traffic should be sent here
     * @param reasons why not, one sentence each; empty when ready
     * @param modelVersion version in force, or null before the first
     * @param partitions partitions owned by this node and running
     */
    record Snapshot(
            boolean ready, List<String> reasons, @Nullable String modelVersion, List<Integer> partitions) {}

    Snapshot snapshot();
}
