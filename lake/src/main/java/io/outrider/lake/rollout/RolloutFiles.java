package io.outrider.lake.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.rollout.ClusterCounts;
import io.outrider.core.rollout.NodeCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Each node's counts under {@code models/<plan>/live/<node>.json}: {@link NodeCounts} as JSON, written by that node alone,
 * over and over. Unknown fields are ignored. Calls block. Thread-safe.
 */
public final class RolloutFiles {

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String ENDING = ".json";

    private final BlobStore lake;
    private final String prefix;

    /** Those of the models of the plan of the given name. */
    public RolloutFiles(BlobStore lake, String plan) {
        this.lake = lake;
        this.prefix = "models/" + plan + "/live/";
    }

    /** Replaces a node's counts. */
    public void put(NodeCounts counts) throws IOException {
        try {
            lake.put(prefix + counts.node() + ENDING, JSON.writeValueAsBytes(counts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always writable", e);
        }
    }

    /** The counts of all nodes there are and were, but for those that ended before a time. */
    public ClusterCounts read(long sinceMs) throws IOException {
        List<NodeCounts> nodes = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(prefix)) {
            if (entry.name().endsWith(ENDING) && entry.lastModifiedMs() >= sinceMs) {
                Optional<Blob> found = lake.get(entry.name());
                if (found.isPresent()) {
                    nodes.add(decode(entry.name(), found.get().content()));
                }
            }
        }
        return new ClusterCounts(nodes);
    }

    /** Deletes the counts of nodes that ended before a time. */
    public void deleteBefore(long timeMs) throws IOException {
        for (BlobStore.Entry entry : lake.list(prefix)) {
            if (entry.lastModifiedMs() < timeMs) {
                lake.delete(entry.name());
            }
        }
    }

    private static NodeCounts decode(String name, byte[] content) throws IOException {
        try {
            return JSON.readValue(content, NodeCounts.class);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
