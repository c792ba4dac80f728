package io.outrider.lake.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.model.ContextRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The truth about a partition: how far it is processed, by whom, and which files hold its accounts' states. Stored as
 * JSON; unknown fields are ignored, a higher {@code version} is refused.
 *
 * @param version version of this format: {@value #CANARY_VERSION} while a context that a replay may
 *     decide under names a canary, so that builds that
 *     know of none refuse it and don't decide otherwise; {@value #VERSION} otherwise
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
 * @param previous the checkpoint before {@code base}, to go back to if a file is damaged; null if there is none
 * @param changes contexts that came into force behind those of {@code history}, by offset, the partition's first one
 *     included: among them what a replay from {@code previous} must decide under. Those above {@code nextOffset} were made
 *     by a run that had come further, before the partition went back
 * @param history files with all earlier changes, in order
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
        List<CheckpointFile> deltas,
        @Nullable EarlierCheckpoint previous,
        List<ContextChange> changes,
        List<HistorySegment> history) {

    public static final int VERSION = 1;

    static final int CANARY_VERSION = 2;

    /** Changes too old for any replay that a manifest holds itself, before they go to a file. */
    static final int MAX_SETTLED = 32;

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
        changes = List.copyOf(changes);
        history = List.copyOf(history);
        long replayedFrom = previous == null ? nextOffset : previous.nextOffset();
        version = hasCanary(context, previous, changes, replayedFrom) ? CANARY_VERSION : VERSION;
        atLeast(1, "epoch", epoch);
        atLeast(0, "barrier", barrier);
        atLeast(0, "nextOffset", nextOffset);
        atLeast(0, "partition", partition);
    }

    private static boolean hasCanary(
            ContextRef context, @Nullable EarlierCheckpoint previous, List<ContextChange> changes, long replayedFrom) {
        return context.canary() != null
                || (previous != null && previous.context().canary() != null)
                || changes.stream()
                        .anyMatch(change -> change.offset() >= replayedFrom
                                && change.context().canary() != null);
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

    /** Names of the files that must stay: this checkpoint's, the previous one's, and those of the history. */
    Set<String> keptFiles() {
        List<CheckpointFile> files = files();
        if (previous != null) {
            files.addAll(previous.base());
            files.addAll(previous.deltas());
        }
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(file.name()));
        history.forEach(segment -> names.add(segment.name()));
        return names;
    }

    /** The same with nothing done yet, of a partition never claimed before. */
    static CheckpointManifest first(PartitionCheckpoints.Claim claim, long epoch) {
        return new CheckpointManifest(
                VERSION,
                claim.topic(),
                claim.generation(),
                claim.partition(),
                epoch,
                claim.owner(),
                0,
                claim.startOffset(),
                claim.planFingerprint(),
                claim.context(),
                List.of(),
                List.of(),
                null,
                List.of(new ContextChange(claim.startOffset(), claim.context())),
                List.of());
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
                deltas,
                previous,
                changes,
                history);
    }

    /** The manifest behind a barrier whose states are in {@code files}; of another plan, all of them. */
    CheckpointManifest advanced(Checkpoint to, String plan, List<CheckpointFile> files) {
        EarlierCheckpoint earlier =
                to.complete() ? new EarlierCheckpoint(barrier, nextOffset, context, base, deltas) : previous;
        if (!plan.equals(planFingerprint)) {
            earlier = null; // a replay under the old plan could not go on under the new one
        }
        List<CheckpointFile> newDeltas = new ArrayList<>(to.complete() ? List.of() : deltas);
        newDeltas.addAll(to.complete() ? List.of() : files);
        return new CheckpointManifest(
                version,
                topic,
                generation,
                partition,
                epoch,
                owner,
                to.barrier(),
                to.nextOffset(),
                plan,
                to.context(),
                to.complete() ? files : base,
                newDeltas,
                earlier,
                changesUpTo(to),
                history);
    }

    private List<ContextChange> changesUpTo(Checkpoint to) {
        List<ContextChange> all = new ArrayList<>(changes);
        if (!to.context().equals(context)) {
            all.removeIf(change -> change.offset() == to.nextOffset());
            all.add(new ContextChange(to.nextOffset(), to.context()));
        }
        all.sort(Comparator.comparingLong(ContextChange::offset));
        return all;
    }

    /** Changes that are to go to a file, because no replay needs them and there are many; usually none. */
    List<ContextChange> toArchive() {
        List<ContextChange> settled = changes.stream()
                .filter(change -> change.offset() < settledBelow())
                .toList();
        return settled.size() < MAX_SETTLED ? List.of() : settled;
    }

    private long settledBelow() {
        return previous == null ? nextOffset : previous.nextOffset();
    }

    /** The same, with the changes of {@link #toArchive} in files. */
    CheckpointManifest archived(List<HistorySegment> segments) {
        return withHistory(
                changes.stream()
                        .filter(change -> change.offset() >= settledBelow())
                        .toList(),
                segments);
    }

    private CheckpointManifest withHistory(List<ContextChange> newChanges, List<HistorySegment> segments) {
        return new CheckpointManifest(
                version,
                topic,
                generation,
                partition,
                epoch,
                owner,
                barrier,
                nextOffset,
                planFingerprint,
                context,
                base,
                deltas,
                previous,
                newChanges,
                segments);
    }

    /** The partition as it was at the previous checkpoint, still held by the same owner; empty if there is none. */
    Optional<CheckpointManifest> goneBack() {
        return Optional.ofNullable(previous)
                .map(earlier -> new CheckpointManifest(
                        version,
                        topic,
                        generation,
                        partition,
                        epoch,
                        owner,
                        barrier,
                        earlier.nextOffset(),
                        planFingerprint,
                        earlier.context(),
                        earlier.base(),
                        earlier.deltas(),
                        null,
                        changes,
                        history));
    }

    /** Contexts that are to come into force again at offsets not yet passed, ascending. */
    public List<ContextChange> changesAhead() {
        return changes.stream()
                .filter(change -> change.offset() > nextOffset
                        || (change.offset() == nextOffset && !change.context().equals(context)))
                .toList();
    }

    /** With what was in force at the oldest record that is known of. */
    private CheckpointManifest withFirstChange() {
        ContextChange first = previous == null
                ? new ContextChange(nextOffset, context)
                : new ContextChange(previous.nextOffset(), previous.context());
        List<ContextChange> all = new ArrayList<>(changes);
        if (all.isEmpty() || all.get(0).offset() > first.offset()) {
            all.add(0, first);
        }
        return withHistory(all, history);
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
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("version").asInt(0);
            if (version < VERSION || version > CANARY_VERSION || !(tree instanceof ObjectNode manifest)) {
                throw new CorruptCheckpointException(
                        name + " has format version " + version + ", this program reads versions " + VERSION + " and "
                                + CANARY_VERSION,
                        null);
            }
            if (!manifest.has("previous")) {
                manifest.putNull("previous").putArray("changes"); // written before there were these
            }
            boolean begins = !manifest.has("history");
            if (begins) {
                manifest.putArray("history"); // written before there was one
            }
            CheckpointManifest read = JSON.treeToValue(manifest, CheckpointManifest.class);
            return begins ? read.withFirstChange() : read;
        } catch (CorruptCheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptCheckpointException(
                    name + " is no checkpoint manifest: " + e.getMessage() + PartitionCheckpoints.REBUILD, e);
        }
    }
}
