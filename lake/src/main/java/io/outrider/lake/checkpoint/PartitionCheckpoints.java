package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one partition in the lake: claiming, loading and advancing its manifest.
 *
 * <p>All ownership rests on conditional writes of the manifest. A refused write, or one whose answer was lost, is
 * followed by a read before anything is concluded. Files are written before the manifest that names them and deleted
 * after the first manifest that no longer does, so a manifest's files always exist. The checkpoint before the last base
 * stays, too: a damaged file is answered by going back to that and a longer replay. Used by one thread at a time;
 * calls block.
 */
public final class PartitionCheckpoints {

    /** What a refusal ends with, where the log can help. */
    static final String REBUILD = "; \"outrider rebuild\" builds the states from the log";

    /** Rounds of read and conditional write before a claim gives up; each lost round means that another claimed. */
    private static final int CLAIM_ROUNDS = 8;

    private final BlobStore lake;
    private final CheckpointFiles files;
    private final String manifestName;

    public PartitionCheckpoints(BlobStore lake, String topic, int partition) {
        this.lake = lake;
        this.files = new CheckpointFiles(lake, topic, partition);
        this.manifestName = files.manifestName();
    }

    /**
     * What a claimant brings along.
     *
     * @param owner unique to this claim
     * @param startOffset offset of the oldest record the log still has; a partition never claimed before starts there
     * @param endOffset offset that the log's next record will get
     * @param context what is in force on a partition never claimed before
     */
    public record Claim(
            String owner,
            String topic,
            String generation,
            int partition,
            long startOffset,
            long endOffset,
            String planFingerprint,
            ContextRef context) {}

    /** A manifest as it stands in the lake, and its version there. */
    public record Held(CheckpointManifest manifest, String etag) {}

    /** What became of an attempt to advance. */
    public sealed interface Outcome {

        /** The checkpoint is durable. */
        record Written(Held held) implements Outcome {}

        /** Another owner has claimed the partition; nothing was changed. */
        record Fenced(CheckpointManifest by) implements Outcome {}
    }

    /** Whether a claimant can go on with states of another plan than its own. */
    @FunctionalInterface
    public interface Familiar {

        /** IOException if that cannot be told, or not be. */
        boolean with(CheckpointManifest manifest) throws IOException;
    }

    /** Takes over a partition whose states are of the claimant's plan; see {@link #claim(Claim, Familiar)}. */
    public Held claim(Claim claim) throws IOException {
        return claim(claim, manifest -> false);
    }

    /**
     * Takes the partition over: raises its epoch in the claimant's name.
     *
     * @throws ClaimRefusedException if the checkpoint is of another topic generation or plan, or lies outside the log
     * @throws CorruptCheckpointException if the manifest cannot be understood
     * @throws IOException if the lake does not answer, or others claim all the time; try again
     */
    public Held claim(Claim claim, Familiar familiar) throws IOException {
        return claim(claim, familiar, null);
    }

    /**
     * The same, but only as the next after another claim. May be repeated with the same owner: once it has taken effect, it stands
     * as long as nobody else claims.
     *
     * @param after whose the partition must still be, unless it is the claimant's already; null if it may be anybody's
     * @throws ClaimRefusedException also if another has claimed meanwhile
     */
    public Held claim(Claim claim, Familiar familiar, @Nullable Held after) throws IOException {
        for (int round = 0; round < CLAIM_ROUNDS; round++) {
            Optional<Held> current = read();
            if (current.isPresent() && current.get().manifest().owner().equals(claim.owner())) {
                return current.get(); // an earlier round took effect though its answer was lost
            }
            if (after != null
                    && !current.map(held -> held.manifest().owner())
                            .equals(Optional.of(after.manifest().owner()))) {
                throw new ClaimRefusedException(partition(claim) + " was claimed by another meanwhile");
            }
            CheckpointManifest claimed;
            if (current.isPresent()) {
                check(claim, current.get().manifest(), familiar);
                claimed = current.get().manifest().claimedBy(claim.owner());
            } else {
                refuseLeftovers(claim);
                claimed = CheckpointManifest.first(claim, 1);
            }
            Optional<String> etag = replace(current, claimed);
            if (etag.isPresent()) {
                return new Held(claimed, etag.get());
            }
        }
        throw new IOException(manifestName + " could not be claimed in " + CLAIM_ROUNDS + " rounds");
    }

    /**
     * What a claimed partition starts from.
     *
     * @param held the manifest to go on from: the claimed one, or the partition as it was at the previous checkpoint
     * @param damage why the claimed one was not good; null if it was
     */
    public record Restored(Held held, @Nullable CorruptCheckpointException damage) {}

    /**
     * Loads a claimed partition, from the previous checkpoint if a file of the last one is damaged.
     *
     * @param startOffset offset of the oldest record the log still has
     * @param into takes the accounts; empty before
     * @throws ClaimRefusedException if there is no checkpoint that is whole and that the log continues
     */
    public Restored restore(Held claimed, long startOffset, RestoredAccounts into) throws IOException {
        try {
            load(claimed.manifest(), into);
            return new Restored(claimed, null);
        } catch (CorruptCheckpointException damage) {
            if (!readClaimed().manifest().owner().equals(claimed.manifest().owner())) {
                throw new IOException(manifestName + " was claimed by another, who may have deleted files", damage);
            }
            CheckpointManifest earlier = claimed.manifest()
                    .goneBack()
                    .orElseThrow(() -> unrestorable(damage, "no earlier checkpoint is known"));
            if (earlier.nextOffset() < startOffset) {
                throw unrestorable(
                        damage,
                        "the checkpoint before it continues at offset " + earlier.nextOffset()
                                + ", but the log starts at " + startOffset);
            }
            into.clear();
            try {
                load(earlier, into);
                return new Restored(new Held(earlier, claimed.etag()), damage);
            } catch (CorruptCheckpointException second) {
                throw unrestorable(damage, "of the checkpoint before it, " + second.getMessage());
            }
        }
    }

    private ClaimRefusedException unrestorable(CorruptCheckpointException damage, String also) {
        return new ClaimRefusedException(damage.getMessage() + "; " + also + REBUILD);
    }

    /** Passes on the states that a manifest's files hold; an account may come again, with a newer state. */
    public void load(CheckpointManifest manifest, AccountSink into) throws IOException {
        files.load(manifest, into);
    }

    /**
     * Makes a checkpoint durable. Safe to repeat: after an IOException, whose effect is unknown, call again with the
     * same arguments.
     *
     * @throws IOException also if the write was refused though nobody else has claimed the partition
     * @throws java.io.UncheckedIOException if the accounts cannot be had: then do not
     */
    public Outcome advance(Held held, Checkpoint checkpoint) throws IOException {
        return advance(held, checkpoint, held.manifest().planFingerprint());
    }

    /**
     * Makes a checkpoint durable whose states are of another plan; otherwise as {@link #advance}. A new run must go on
     * from it. There is no way back across it, so the checkpoint before is forgotten.
     *
     * @param complete holds all accounts
     */
    public Outcome changePlan(Held held, Checkpoint complete, String planFingerprint) throws IOException {
        if (!complete.complete()) {
            throw new IllegalArgumentException("a checkpoint of another plan must hold all accounts");
        }
        return advance(held, complete, planFingerprint);
    }

    private Outcome advance(Held held, Checkpoint checkpoint, String planFingerprint) throws IOException {
        CheckpointManifest from = held.manifest();
        Held current = readClaimed();
        Optional<Outcome> before = concluded(from, checkpoint, current);
        if (before.isPresent()) {
            return before.get(); // an earlier attempt may have taken effect though its answer was lost
        }
        CheckpointManifest to = archived(
                from.advanced(checkpoint, planFingerprint, files.write(from.epoch(), planFingerprint, checkpoint)));
        Optional<String> etag = replace(Optional.of(current), to);
        if (etag.isPresent()) {
            return written(from, new Held(to, etag.get()));
        }
        // Refused, which may be the answer to our own write repeated underneath: only the manifest tells.
        return concluded(from, checkpoint, readClaimed())
                .orElseThrow(() -> new IOException("the write of " + manifestName + " at barrier "
                        + checkpoint.barrier() + " was refused, though its owner is still " + from.owner()));
    }

    private CheckpointManifest archived(CheckpointManifest to) throws IOException {
        List<ContextChange> settled = to.toArchive();
        return settled.isEmpty()
                ? to
                : to.archived(HistoryArchive.append(
                        lake, to.history(), files.historyName(to.epoch(), to.barrier()), settled));
    }

    /** Whether the partition still is whose it was; false once another has claimed it. */
    public boolean isOwnedBy(Held held) throws IOException {
        return readClaimed().manifest().owner().equals(held.manifest().owner());
    }

    /** What a manifest tells of an attempt to advance; empty if it is still ours to replace. */
    private Optional<Outcome> concluded(CheckpointManifest from, Checkpoint checkpoint, Held current) {
        if (!current.manifest().owner().equals(from.owner())) {
            return Optional.of(new Outcome.Fenced(current.manifest()));
        }
        return current.manifest().barrier() == checkpoint.barrier()
                ? Optional.of(written(from, current))
                : Optional.empty();
    }

    private Held readClaimed() throws IOException {
        return read().orElseThrow(() -> new CorruptCheckpointException(manifestName + " has vanished", null));
    }

    /** Deletes files that no manifest names any more: left behind by owners that were fenced or killed while writing. */
    public void deleteLeftovers(CheckpointManifest manifest) throws IOException {
        files.deleteBelow(manifest.epoch(), manifest.keptFiles());
    }

    private Outcome written(CheckpointManifest from, Held to) {
        Set<String> dropped = from.keptFiles();
        dropped.removeAll(to.manifest().keptFiles());
        try {
            files.delete(dropped);
        } catch (IOException e) {
            // The checkpoint stands. What could not be deleted goes with the next claim's leftovers.
        }
        return new Outcome.Written(to);
    }

    private Optional<Held> read() throws IOException {
        Optional<BlobStore.Blob> blob = lake.get(manifestName);
        return blob.isEmpty()
                ? Optional.empty()
                : Optional.of(new Held(
                        CheckpointManifest.fromJson(manifestName, blob.get().content()),
                        blob.get().etag()));
    }

    private Optional<String> replace(Optional<Held> current, CheckpointManifest by) throws IOException {
        return current.isPresent()
                ? lake.putIfMatch(manifestName, by.toJson(), current.get().etag())
                : lake.putIfAbsent(manifestName, by.toJson());
    }

    /** A partition without a manifest but with files has lost its manifest: it must not start from empty. */
    private void refuseLeftovers(Claim claim) throws IOException {
        if (!files.isEmpty() && read().isEmpty()) {
            throw new ClaimRefusedException(
                    partition(claim) + " has checkpoint files, but " + manifestName + " is missing" + REBUILD);
        }
    }

    private static String partition(Claim claim) {
        return "partition " + claim.partition() + " of topic " + claim.topic();
    }

    private void check(Claim claim, CheckpointManifest manifest, Familiar familiar) throws IOException {
        String partition = partition(claim);
        if (!manifest.generation().equals(claim.generation())) {
            throw new ClaimRefusedException(partition + " was recreated: its checkpoint is of topic id "
                    + manifest.generation() + ", the topic now has id " + claim.generation() + REBUILD);
        }
        if (manifest.nextOffset() < claim.startOffset()) {
            throw new ClaimRefusedException(
                    partition + " has lost records: its checkpoint continues at offset " + manifest.nextOffset()
                            + ", but the log starts at " + claim.startOffset() + REBUILD,
                    claim.startOffset() - manifest.nextOffset());
        }
        if (manifest.nextOffset() > claim.endOffset()) {
            throw new ClaimRefusedException(partition + " has lost records: its checkpoint continues at offset "
                    + manifest.nextOffset() + ", but the log ends at " + claim.endOffset() + REBUILD);
        }
        if (!manifest.planFingerprint().equals(claim.planFingerprint()) && !familiar.with(manifest)) {
            throw new ClaimRefusedException(partition + " holds states of feature plan " + manifest.planFingerprint()
                    + ", configured is " + claim.planFingerprint()
                    + "; \"outrider rebuild --plan NAME\" builds those of another from the log");
        }
    }
}
