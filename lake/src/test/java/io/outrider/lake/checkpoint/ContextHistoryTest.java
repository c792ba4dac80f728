package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.checkpoint.CheckpointReplacement.Rebuilt;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was in force for which record is kept for good. */
class ContextHistoryTest {

    private static final ContextRef FIRST = new ContextRef("m", 0);
    private static final String FOLDER = "checkpoints/t/0/";

    @TempDir
    private Path folder;

    private final TreeMap<Long, ContextRef> expected = new TreeMap<>();
    private BlobStore lake;
    private PartitionCheckpoints checkpoints;
    private Held held;

    @BeforeEach
    void claim() throws IOException {
        lake = new FolderBlobStore(folder);
        checkpoints = new PartitionCheckpoints(lake, "t", 0);
        held = checkpoints.claim(claim("a"));
        expected.put(7L, FIRST);
    }

    private static Claim claim(String owner) {
        return new Claim(owner, "t", "g", 0, 7, 1_000_000, "plan", FIRST);
    }

    @Test
    void everyChangeIsKeptInFewFiles() throws IOException {
        run(1, 180);
        ContextHistory history = history(0);
        assertThat(history.at(6)).as("before the partition began").isNull();
        for (long offset = 7; offset < 1_810; offset++) {
            assertThat(history.at(offset)).isEqualTo(expected.floorEntry(offset).getValue());
        }
        assertThat(history.settledBelow()).isEqualTo(1_800);
        assertThat(history.generation()).isEqualTo("g");
        assertThat(segments()).hasSizeBetween(1, 5);
        assertThat(lake.list(FOLDER))
                .extracting(BlobStore.Entry::name)
                .filteredOn(name -> name.contains("contexts"))
                .as("files that were put together are gone")
                .isEqualTo(
                        segments().stream().map(HistorySegment::name).sorted().toList());
        assertThat(segments().stream().mapToLong(HistorySegment::sizeBytes).sum())
                .isLessThan(20 * 180);
        assertThat(held.manifest().changes()).hasSizeLessThan(CheckpointManifest.MAX_SETTLED + 20);
    }

    @Test
    void whoAsksForTheEndReadsOnlyThat() throws IOException {
        run(1, 180);
        ContextHistory end = history(1_700);
        assertThat(end.at(1_700)).isEqualTo(expected.floorEntry(1_700L).getValue());
        assertThat(end.at(1_799)).isEqualTo(expected.floorEntry(1_799L).getValue());
        assertThat(end.changes().size()).isLessThan(history(0).changes().size());
    }

    @Test
    void whoHasLostThePartitionAddsNothing() throws IOException {
        run(1, 60);
        Held former = held;
        held = checkpoints.claim(claim("b"));
        Checkpoint late = new Checkpoint(61, 610, new ContextRef("zombie", 1), true, AccountStream.of(List.of()));
        assertThat(checkpoints.advance(former, late)).isInstanceOf(Outcome.Fenced.class);
        run(61, 130);
        assertThat(history(0).changes())
                .extracting(ContextChange::context)
                .containsExactlyElementsOf(expected.values());
    }

    @Test
    void aReplayFromTheCheckpointBeforeAddsNothingTwice() throws IOException {
        run(1, 100);
        List<ContextChange> before = history(0).changes();
        Held back = new Held(held.manifest().goneBack().orElseThrow(), held.etag());
        held = back;
        long offset = back.manifest().nextOffset();
        for (ContextChange change : back.manifest().changesAhead()) {
            offset = change.offset();
            advance(held.manifest().barrier() + 1, offset, change.context(), false);
        }
        assertThat(history(0).changes()).isEqualTo(before);
    }

    @Test
    void aRebuildKeepsItAndSoDoesOneWithoutAManifest() throws IOException {
        run(1, 120);
        ContextRef other = new ContextRef("other", 0);
        Rebuilt rebuilt = new Rebuilt("g", "plan", 1_195, other, List.of(), List.of());
        new CheckpointReplacement(lake, "t", 0).write(rebuilt);
        List<ContextChange> kept = history(0).changes();
        assertThat(kept).hasSize(expected.headMap(1_195L).size() + 1);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(new ContextChange(1_195, other));
        assertThat(history(0).at(567)).isEqualTo(expected.floorEntry(567L).getValue());

        lake.delete(FOLDER + "manifest.json");
        new CheckpointReplacement(lake, "t", 0).write(rebuilt);
        assertThat(history(0).at(567)).isEqualTo(expected.floorEntry(567L).getValue());

        Rebuilt anew = new Rebuilt("g2", "plan", 0, other, List.of(), List.of());
        new CheckpointReplacement(lake, "t", 0).write(anew);
        assertThat(history(0).changes()).containsExactly(new ContextChange(0, other));
    }

    @Test
    void damageIsNamedByWhoReadsAndDoesNotStopWhoWrites() throws IOException {
        run(1, 70);
        String name = segments().get(0).name();
        byte[] content = lake.get(name).orElseThrow().content();
        content[content.length / 2] ^= 1;
        lake.put(name, content);
        assertThatThrownBy(() -> history(0))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(name);
        run(71, 140);
        CheckpointReplacement replacement = new CheckpointReplacement(lake, "t", 0);
        replacement.write(new Rebuilt("g", "plan", 1_400, FIRST, List.of(), List.of()));
        assertThat(replacement.historyDamage()).contains(name);
        assertThat(history(0).changes()).containsExactly(new ContextChange(1_400, FIRST));
    }

    @Test
    void aPartitionNeverClaimedHasNone() throws IOException {
        assertThat(ContextHistory.read(lake, "t", 1, 0)).isEmpty();
    }

    private ContextHistory history(long from) throws IOException {
        return ContextHistory.read(lake, "t", 0, from).orElseThrow();
    }

    private List<HistorySegment> segments() {
        return held.manifest().history();
    }

    /** Barriers each ten records; of three, two bring another context; every eighth is a base. */
    private void run(int from, int to) throws IOException {
        for (int barrier = from; barrier <= to; barrier++) {
            ContextRef context =
                    barrier % 3 == 0 ? held.manifest().context() : new ContextRef("m" + barrier / 50, barrier);
            advance(barrier, barrier * 10L, context, barrier % 8 == 0);
        }
    }

    private void advance(long barrier, long nextOffset, ContextRef context, boolean complete) throws IOException {
        if (!context.equals(held.manifest().context())) {
            expected.put(nextOffset, context);
        }
        Checkpoint checkpoint = new Checkpoint(barrier, nextOffset, context, complete, AccountStream.of(List.of()));
        held = ((Outcome.Written) checkpoints.advance(held, checkpoint)).held();
    }
}
