package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The checkpoints of one partition in the lake: claiming, loading and advancing its manifest.
 *
 * <p>All ownership rests on conditional writes of the manifest. A refused write, or one whose answer was lost, is
 * followed by a read before anything is concluded. Files are written before the manifest that names them and deleted
 * after the first manifest that no longer does, so a manifest's files always exist. Used by one thread at a time;
 * calls block.
 */
public final class PartitionCheckpoints {

    /** Files are split near this size, so that neither side ever needs a huge array. */
    private static final int FILE_BYTES = 64 << 20;

    /** Rounds of read and conditional write before a claim gives up; each lost round means that another claimed. */
    private static final int CLAIM_ROUNDS = 8;

    private final BlobStore lake;
    private final String prefix;
    private final String manifestName;

    public PartitionCheckpoints(BlobStore lake, String topic, int partition) {
        this.lake = lake;
        this.prefix = "checkpoints/" + topic + "/" + partition + "/";
        this.manifestName = prefix + "manifest.json";
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

    /**
     * Takes the partition over: raises its epoch in the claimant's name.
     *
     * @throws ClaimRefusedException if the checkpoint is of another topic generation or plan, or lies outside the log
     * @throws CorruptCheckpointException if the manifest cannot be understood
     * @throws IOException if the lake does not answer, or others claim all the time; try again
     */
    public Held claim(Claim claim) throws IOException {
        for (int round = 0; round < CLAIM_ROUNDS; round++) {
            Optional<Held> current = read();
            if (current.isPresent() && current.get().manifest().owner().equals(claim.owner())) {
                return current.get(); // an earlier round took effect though its answer was lost
            }
            CheckpointManifest claimed;
            if (current.isPresent()) {
                check(claim, current.get().manifest());
                claimed = current.get().manifest().claimedBy(claim.owner());
            } else {
                claimed = first(claim);
            }
            Optional<String> etag = replace(current, claimed);
            if (etag.isPresent()) {
                return new Held(claimed, etag.get());
            }
        }
        throw new IOException(manifestName + " could not be claimed in " + CLAIM_ROUNDS + " rounds");
    }

    /** The states of all accounts that a manifest's files hold. */
    public Map<String, byte[]> load(CheckpointManifest manifest) throws IOException {
        Map<String, byte[]> accounts = new HashMap<>();
        for (CheckpointFile file : manifest.files()) {
            BlobStore.Blob blob = lake.get(file.name())
                    .orElseThrow(() -> new CorruptCheckpointException(
                            file.name() + " is missing, though " + manifestName + " names it", null));
            AccountFileCodec.decode(file, blob.content(), manifest.planFingerprint(), accounts);
        }
        return accounts;
    }

    /**
     * Makes a checkpoint durable. Safe to repeat: after an IOException, whose effect is unknown, call again with the
     * same arguments.
     *
     * @throws IOException also if the write was refused though nobody else has claimed the partition
     */
    public Outcome advance(Held held, Checkpoint checkpoint) throws IOException {
        CheckpointManifest from = held.manifest();
        Held current = readClaimed();
        Optional<Outcome> before = concluded(from, checkpoint, current);
        if (before.isPresent()) {
            return before.get(); // an earlier attempt may have taken effect though its answer was lost
        }
        List<CheckpointFile> files = write(from, checkpoint);
        List<CheckpointFile> deltas = new ArrayList<>();
        if (!checkpoint.complete()) {
            deltas.addAll(from.deltas());
            deltas.addAll(files);
        }
        CheckpointManifest to = from.advanced(checkpoint, checkpoint.complete() ? files : from.base(), deltas);
        Optional<String> etag = replace(Optional.of(current), to);
        if (etag.isPresent()) {
            return written(from, new Held(to, etag.get()));
        }
        // Refused, which may be the answer to our own write repeated underneath: only the manifest tells.
        return concluded(from, checkpoint, readClaimed())
                .orElseThrow(() -> new IOException("the write of " + manifestName + " at barrier "
                        + checkpoint.barrier() + " was refused, though its owner is still " + from.owner()));
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
        Set<String> named = new HashSet<>(names(manifest));
        named.add(manifestName);
        String ownEpoch = prefix + epochPart(manifest.epoch());
        for (BlobStore.Entry entry : lake.list(prefix)) {
            // Epochs above ours may be at work already; those below can never again make a manifest.
            if (!named.contains(entry.name()) && entry.name().compareTo(ownEpoch) < 0) {
                lake.delete(entry.name());
            }
        }
    }

    private Outcome written(CheckpointManifest from, Held to) {
        Set<String> dropped = new HashSet<>(names(from));
        dropped.removeAll(names(to.manifest()));
        try {
            for (String name : dropped) {
                lake.delete(name);
            }
        } catch (IOException e) {
            // The checkpoint stands. What could not be deleted goes with the next claim's leftovers.
        }
        return new Outcome.Written(to);
    }

    private List<CheckpointFile> write(CheckpointManifest from, Checkpoint checkpoint) throws IOException {
        List<CheckpointFile> files = new ArrayList<>();
        List<AccountBytes> all = checkpoint.accounts();
        int start = 0;
        while (start < all.size()) {
            long size = 0;
            int end = start;
            while (end < all.size() && size < FILE_BYTES) {
                size += all.get(end).state().length + all.get(end).account().length() + 8L;
                end++;
            }
            List<AccountBytes> part = all.subList(start, end);
            String name = prefix + epochPart(from.epoch()) + String.format("-%010d", checkpoint.barrier()) + "-"
                    + files.size() + (checkpoint.complete() ? ".base.avro" : ".delta.avro");
            byte[] content = AccountFileCodec.encode(name, from.planFingerprint(), part);
            lake.put(name, content);
            files.add(AccountFileCodec.describe(name, content, part.size()));
            start = end;
        }
        return files;
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

    private void check(Claim claim, CheckpointManifest manifest) throws ClaimRefusedException {
        String partition = "partition " + claim.partition() + " of topic " + claim.topic();
        if (!manifest.generation().equals(claim.generation())) {
            throw new ClaimRefusedException(partition + " was recreated: its checkpoint is of topic id "
                    + manifest.generation() + ", the topic now has id " + claim.generation());
        }
        if (manifest.nextOffset() < claim.startOffset()) {
            throw new ClaimRefusedException(partition + " has lost records: its checkpoint continues at offset "
                    + manifest.nextOffset() + ", but the log starts at " + claim.startOffset());
        }
        if (manifest.nextOffset() > claim.endOffset()) {
            throw new ClaimRefusedException(partition + " has lost records: its checkpoint continues at offset "
                    + manifest.nextOffset() + ", but the log ends at " + claim.endOffset());
        }
        if (!manifest.planFingerprint().equals(claim.planFingerprint())) {
            throw new ClaimRefusedException(partition + " holds states of feature plan " + manifest.planFingerprint()
                    + ", configured is " + claim.planFingerprint());
        }
    }

    private static CheckpointManifest first(Claim claim) {
        return new CheckpointManifest(
                CheckpointManifest.VERSION,
                claim.topic(),
                claim.generation(),
                claim.partition(),
                1,
                claim.owner(),
                0,
                claim.startOffset(),
                claim.planFingerprint(),
                claim.context(),
                List.of(),
                List.of());
    }

    private static List<String> names(CheckpointManifest manifest) {
        List<String> names = new ArrayList<>();
        for (CheckpointFile file : manifest.files()) {
            names.add(file.name());
        }
        return names;
    }

    /** Padded so that names sort by epoch. */
    private static String epochPart(long epoch) {
        return String.format("%010d", epoch);
    }
}
