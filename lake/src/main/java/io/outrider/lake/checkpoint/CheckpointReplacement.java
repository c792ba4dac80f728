package io.outrider.lake.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a partition's checkpoint, whatever state it is in, by one that was built anew. The manifest is read first and
 * replaced on condition that it is still the same, so a node that claims the partition meanwhile makes it fail, and its
 * files bear names that no node's do: such a node's checkpoint is left alone. Used by one thread; calls block.
 */
public final class CheckpointReplacement {

    private final BlobStore lake;
    private final CheckpointFiles files;
    private final String topic;
    private final int partition;
    private final @Nullable Blob found;
    private final @Nullable CheckpointManifest manifest;
    private final @Nullable String damage;
    private @Nullable String historyDamage;

    /**
     * A checkpoint built from the log.
     *
     * @param nextOffset all records below are in the states
     * @param context what is in force from there on
     * @param changes contexts to come into force further on; see {@link CheckpointManifest}
     */
    public record Rebuilt(
            String generation,
            String planFingerprint,
            long nextOffset,
            ContextRef context,
            List<ContextChange> changes,
            List<AccountBytes> states) {}

    /** Reads what there is. */
    public CheckpointReplacement(BlobStore lake, String topic, int partition) throws IOException {
        this.lake = lake;
        this.files = new CheckpointFiles(lake, topic, partition);
        this.topic = topic;
        this.partition = partition;
        this.found = lake.get(files.manifestName()).orElse(null);
        CheckpointManifest read = null;
        String problem = files.manifestName() + " is missing";
        if (found != null) {
            try {
                read = CheckpointManifest.fromJson(files.manifestName(), found.content());
                problem = null;
            } catch (CorruptCheckpointException e) {
                problem = e.getMessage();
            }
        }
        this.manifest = read;
        this.damage = problem;
    }

    /** The manifest as it stands; empty if it is missing or cannot be read. */
    public Optional<CheckpointManifest> manifest() {
        return Optional.ofNullable(manifest);
    }

    /** Whether there is one that cannot be read. */
    public boolean isDamaged() {
        return found != null && manifest == null;
    }

    /** Why there is no manifest; null if there is one. */
    public @Nullable String damage() {
        return damage;
    }

    /** Why the history of contexts began anew with what was written; null if it did not. */
    public @Nullable String historyDamage() {
        return historyDamage;
    }

    /**
     * Makes the new checkpoint the partition's, one epoch up, so that whoever owned it is fenced.
     *
     * @throws IOException also if the partition was claimed since this was created
     */
    public CheckpointManifest write(Rebuilt rebuilt) throws IOException {
        long epoch = epoch() + 1;
        // Numbers go on, with or without a manifest: reports of merchants that wait for it are told apart by barrier.
        long barrier = (manifest == null ? files.highestBarrier() : manifest.barrier()) + 1;
        String writer = "rebuild-" + UUID.randomUUID();
        List<CheckpointFile> base = files.write(
                epoch,
                writer,
                rebuilt.planFingerprint(),
                new Checkpoint(
                        barrier, rebuilt.nextOffset(), rebuilt.context(), true, AccountStream.of(rebuilt.states())));
        List<ContextChange> before = historyBelow(rebuilt);
        List<HistorySegment> history = before.isEmpty()
                ? List.of()
                : HistoryArchive.append(lake, List.of(), files.historyName(epoch, barrier, writer), before);
        List<ContextChange> changes = new ArrayList<>();
        if (before.isEmpty() || !before.get(before.size() - 1).context().equals(rebuilt.context())) {
            changes.add(new ContextChange(rebuilt.nextOffset(), rebuilt.context()));
        }
        changes.addAll(rebuilt.changes());
        CheckpointManifest to = new CheckpointManifest(
                CheckpointManifest.VERSION,
                topic,
                rebuilt.generation(),
                partition,
                epoch,
                writer,
                barrier,
                rebuilt.nextOffset(),
                rebuilt.planFingerprint(),
                rebuilt.context(),
                base,
                List.of(),
                null,
                changes,
                history);
        Optional<String> etag = found == null
                ? lake.putIfAbsent(files.manifestName(), to.toJson())
                : lake.putIfMatch(files.manifestName(), to.toJson(), found.etag());
        if (etag.isEmpty()) {
            throw new IOException("partition " + partition + " of topic " + topic
                    + " was claimed while it was being rebuilt; stop the nodes and try again");
        }
        return to;
    }

    /**
     * What the records below were decided under the first time, as far as it is still known: without the manifest, what its
     * files tell; of another incarnation of the topic, nothing.
     */
    private List<ContextChange> historyBelow(Rebuilt rebuilt) throws IOException {
        List<ContextChange> known;
        try {
            if (manifest == null) {
                known = HistoryArchive.salvage(lake, files.prefix());
            } else if (manifest.generation().equals(rebuilt.generation())) {
                known = ContextHistory.of(lake, manifest, 0).changes();
            } else {
                known = List.of();
            }
        } catch (CorruptCheckpointException e) {
            historyDamage = e.getMessage();
            known = List.of();
        }
        return known.stream()
                .filter(change -> change.offset() < rebuilt.nextOffset())
                .toList();
    }

    /** The highest epoch there ever was, as far as can be told. */
    private long epoch() throws IOException {
        long epoch = manifest == null ? files.highestEpoch() : manifest.epoch();
        if (manifest == null && found != null) {
            try {
                epoch = Math.max(
                        epoch,
                        new ObjectMapper()
                                .readTree(found.content())
                                .path("epoch")
                                .asLong());
            } catch (JsonProcessingException e) {
                return epoch; // not even JSON
            }
        }
        return epoch;
    }
}
