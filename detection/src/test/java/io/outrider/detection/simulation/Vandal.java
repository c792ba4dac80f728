package io.outrider.detection.simulation;

import io.outrider.core.port.BlobStore.Blob;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.CorruptCheckpointException;
import io.outrider.lake.checkpoint.EarlierCheckpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Damages files of the last checkpoint: removes them, cuts them short, flips a bit. Leaves one way back: touches nothing
 * unless the checkpoint before is whole.
 */
final class Vandal {

    private final Random random;
    private final FaultyLake lake;
    private final String manifestName;
    private final Set<String> damaged = new HashSet<>();

    Vandal(Random random, FaultyLake lake, String manifestName) {
        this.random = random;
        this.lake = lake;
        this.manifestName = manifestName;
    }

    /** Whether nothing was damaged so far. */
    boolean isInnocent() {
        return damaged.isEmpty();
    }

    /** Time passes: perhaps a file is damaged. */
    void tick(double probability) {
        if (random.nextDouble() >= probability) {
            return;
        }
        CheckpointManifest manifest = manifest();
        EarlierCheckpoint previous = manifest == null ? null : manifest.previous();
        if (manifest == null || previous == null || manifest.files().isEmpty()) {
            return;
        }
        List<CheckpointFile> wayBack = new ArrayList<>(previous.base());
        wayBack.addAll(previous.deltas());
        List<CheckpointFile> exposed = manifest.files();
        CheckpointFile file = exposed.get(random.nextInt(exposed.size()));
        Blob blob = lake.peek(file.name());
        if (wayBack.stream().noneMatch(kept -> damaged.contains(kept.name())) && damaged.add(file.name())) {
            lake.damage(file.name(), blob == null ? null : damaged(blob.content()));
        }
    }

    private byte @Nullable [] damaged(byte[] content) {
        int kind = random.nextInt(3);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return Arrays.copyOf(content, random.nextInt(content.length));
        }
        byte[] flipped = content.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private @Nullable CheckpointManifest manifest() {
        Blob blob = lake.peek(manifestName);
        try {
            return blob == null ? null : CheckpointManifest.fromJson(manifestName, blob.content());
        } catch (CorruptCheckpointException e) {
            throw new IllegalStateException(e);
        }
    }
}
