package io.outrider.lake.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.outrider.core.model.ContextRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The truth about a partition: how far it is processed, by whom, and which files hold its accounts' states. Stored as
 * JSON; unknown fields are ignored, a higher {@code version} is refused.
 *
 * @param version version of this format, {@value #VERSION}
 * @param topic the topic
 * @param generation the topic's incarnation (its topic id); offsets mean nothing in another
 * @param partition the partition
 * @param epoch how often the partition has been claimed; only the owner of the highest epoch may replace the manifest
 * @param owner who holds the epoch: unique per claim, so that a claimant recognises its own write
 * @param barrier number of the last barrier of this partition, over all epochs; 0 before the first
 * @param nextOffset all records below are folded into the states, their alerts and dead letters acknowledged
 * @param planFingerprint the feature plan the states are of
 * @param context what is in force for the records from {@code nextOffset} on
 * @param base files that together hold all accounts as of some barrier; empty before the first
 * @param deltas files with accounts changed since, in order: a later entry replaces an earlier one
 */
public record CheckpointManifest(
        int version,
        String topic,
        String generation,
        int partition,
        long epoch,
        String owner,
        long barrier,
        long nextOffset,
        String planFingerprint,
        ContextRef context,
        List<CheckpointFile> base,
        List<CheckpointFile> deltas) {

    public static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    public CheckpointManifest {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(planFingerprint, "planFingerprint");
        Objects.requireNonNull(context, "context");
        base = List.copyOf(base);
        deltas = List.copyOf(deltas);
        atLeast(1, "epoch", epoch);
        atLeast(0, "barrier", barrier);
        atLeast(0, "nextOffset", nextOffset);
        atLeast(0, "partition", partition);
    }

    private static void atLeast(long least, String field, long value) {
        if (value < least) {
            throw new IllegalArgumentException(field + " must be at least " + least + ", is " + value);
        }
    }

    /** Base and deltas, in the order in which they are to be read. */
    public List<CheckpointFile> files() {
        List<CheckpointFile> files = new ArrayList<>(base);
        files.addAll(deltas);
        return files;
    }

    CheckpointManifest claimedBy(String newOwner) {
        return new CheckpointManifest(
                version,
                topic,
                generation,
                partition,
                epoch + 1,
                newOwner,
                barrier,
                nextOffset,
                planFingerprint,
                context,
                base,
                deltas);
    }

    CheckpointManifest advanced(Checkpoint to, List<CheckpointFile> newBase, List<CheckpointFile> newDeltas) {
        return new CheckpointManifest(
                version,
                topic,
                generation,
                partition,
                epoch,
                owner,
                to.barrier(),
                to.nextOffset(),
                planFingerprint,
                to.context(),
                newBase,
                newDeltas);
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is always writable", e);
        }
    }

    /** Reads a manifest; {@code name} is the blob's, for the error. */
    public static CheckpointManifest fromJson(String name, byte[] json) throws CorruptCheckpointException {
        try {
            int version = JSON.readTree(json).path("version").asInt(0);
            if (version != VERSION) {
                throw new CorruptCheckpointException(
                        name + " has format version " + version + ", this program reads version " + VERSION, null);
            }
            return JSON.readValue(json, CheckpointManifest.class);
        } catch (CorruptCheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptCheckpointException(name + " is no checkpoint manifest: " + e.getMessage(), e);
        }
    }
}
