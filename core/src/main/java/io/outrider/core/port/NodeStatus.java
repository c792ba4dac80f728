package io.outrider.core.port;

import java.util.ArrayList;
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
     * @param warnings what is not as it should be though traffic may be sent here, one sentence each
     */
    record Snapshot(
            boolean ready,
            List<String> reasons,
            @Nullable String modelVersion,
            List<Integer> partitions,
            List<String> warnings) {

        /** One without warnings. */
        public Snapshot(boolean ready, List<String> reasons, @Nullable String modelVersion, List<Integer> partitions) {
            this(ready, reasons, modelVersion, partitions, List.of());
        }

        /** The same, but not ready for this reason, too. */
        public Snapshot unreadyBecause(String reason) {
            List<String> all = new ArrayList<>(reasons);
            all.add(reason);
            return new Snapshot(false, all, modelVersion, partitions, warnings);
        }
    }

    Snapshot snapshot();
}
