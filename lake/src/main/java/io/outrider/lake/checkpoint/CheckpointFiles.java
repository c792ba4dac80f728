package io.outrider.lake.checkpoint;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of one partition's checkpoints, whose names begin with the epoch that wrote them. */
final class CheckpointFiles {

    private static final int EPOCH_DIGITS = 10;

    /** What names begin with. */
    private static final Pattern EPOCH_AND_BARRIER = Pattern.compile("(\\d{10})-(?:(\\d{10})[-.])?");

    private final BlobStore lake;
    private final String prefix;

    CheckpointFiles(BlobStore lake, String topic, int partition) {
        this.lake = lake;
        this.prefix = "checkpoints/" + topic + "/" + partition + "/";
    }

    String manifestName() {
        return prefix + "manifest.json";
    }

    String prefix() {
        return prefix;
    }

    /** Name of the file of context changes that a barrier archives. */
    String historyName(long epoch, long barrier) {
        return stem(epoch, barrier) + HistoryArchive.ENDING;
    }

    /** The same of somebody who does not own the epoch. */
    String historyName(long epoch, long barrier, String writer) {
        return stem(epoch, barrier) + "-" + writer + HistoryArchive.ENDING;
    }

    /** Writes a barrier's accounts as the owner of the epoch; the same again gives the same files. */
    List<CheckpointFile> write(long epoch, String planFingerprint, Checkpoint checkpoint) throws IOException {
        return write(stem(epoch, checkpoint.barrier()), planFingerprint, checkpoint);
    }

    /**
     * Writes a barrier's accounts as somebody who does not own the epoch, over nobody's files.
     *
     * @param writer unique to this write
     */
    List<CheckpointFile> write(long epoch, String writer, String planFingerprint, Checkpoint checkpoint)
            throws IOException {
        return write(stem(epoch, checkpoint.barrier()) + "-" + writer, planFingerprint, checkpoint);
    }

    private List<CheckpointFile> write(String stem, String planFingerprint, Checkpoint checkpoint) throws IOException {
        String ending = checkpoint.complete() ? ".base.avro" : ".delta.avro";
        return AccountFiles.write(lake, number -> stem + "-" + number + ending, planFingerprint, checkpoint.accounts());
    }

    /** Passes on the states that a manifest's files hold, in the files' order: later ones replace earlier ones. */
    void load(CheckpointManifest manifest, AccountSink into) throws IOException {
        AccountFiles.load(lake, manifest.files(), manifest.planFingerprint(), manifestName(), into);
    }

    void delete(Collection<String> names) throws IOException {
        for (String name : names) {
            lake.delete(name);
        }
    }

    /** Deletes what no manifest names any more and epochs below this one have written: they never again write one. */
    void deleteBelow(long epoch, Set<String> named) throws IOException {
        String own = prefix + epochPart(epoch);
        for (BlobStore.Entry entry : lake.list(prefix)) {
            boolean isManifest = entry.name().equals(manifestName());
            if (!isManifest && !named.contains(entry.name()) && entry.name().compareTo(own) < 0) {
                lake.delete(entry.name());
            }
        }
    }

    /** Whether there are any, a manifest included. */
    boolean isEmpty() throws IOException {
        return lake.list(prefix).isEmpty();
    }

    /** The highest epoch that has written a file; 0 if none has. */
    long highestEpoch() throws IOException {
        return highest(1);
    }

    /** The highest barrier that a file was written for; 0 if none was. */
    long highestBarrier() throws IOException {
        return highest(2);
    }

    private long highest(int group) throws IOException {
        long highest = 0;
        for (BlobStore.Entry entry : lake.list(prefix)) {
            Matcher name = EPOCH_AND_BARRIER.matcher(entry.name().substring(prefix.length()));
            if (name.lookingAt() && name.group(group) != null) {
                highest = Math.max(highest, Long.parseLong(name.group(group)));
            }
        }
        return highest;
    }

    private String stem(long epoch, long barrier) {
        return prefix + epochPart(epoch) + String.format("-%010d", barrier);
    }

    /** Padded so that names sort by epoch. */
    private static String epochPart(long epoch) {
        return String.format("%0" + EPOCH_DIGITS + "d", epoch);
    }
}
