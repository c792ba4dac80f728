package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Restored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that are damaged or missing, and the way back to the checkpoint before. */
class DamagedCheckpointTest extends CheckpointFixture {

    private static final AccountStream NONE = AccountStream.of(List.of());

    @Test
    void damagedTruncatedAndMissingFilesAreNamed() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        String name = held.manifest().base().get(0).name();
        byte[] good = lake.get(name).orElseThrow().content();
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        lake.put(name, flipped);
        assertCorrupt(held, name, "checksum");
        lake.put(name, Arrays.copyOf(good, good.length - 1));
        assertCorrupt(held, name, "bytes");
        lake.delete(name);
        assertCorrupt(held, name, "missing");
        lake.put("checkpoints/transactions/3/manifest.json", "{\"version\": 3}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> checkpoints.claim(claim("b", "g", 0, "plan")))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("format version 3");
    }

    @Test
    void aDamagedFileIsAnsweredByTheCheckpointBefore() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        held = advance(held, 2, false, Map.of("y", "2"));
        held = advance(held, 3, true, Map.of("x", "3", "y", "3"));
        assertThat(checkpoints.restore(held, 0, new Loaded()).damage()).isNull();
        lake.delete(held.manifest().base().get(0).name());
        Loaded loaded = new Loaded();
        Restored restored = checkpoints.restore(held, 20, loaded);
        assertThat(restored.damage()).hasMessageContaining("missing");
        assertThat(loaded.states).containsExactlyInAnyOrderEntriesOf(Map.of("x", "1", "y", "2"));
        assertThat(restored.held().manifest().nextOffset()).isEqualTo(20);
        assertThat(restored.held().manifest().epoch()).isEqualTo(1);
        assertThat(states(advance(restored.held(), 4, false, Map.of("y", "4")))).isEqualTo(Map.of("x", "1", "y", "4"));
    }

    @Test
    void whatIsBuiltAnewForADamagedManifestNumbersItsBarrierBehindThoseOfTheFiles() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        advance(held, 57, false, Map.of("y", "2"));
        lake.put("checkpoints/transactions/3/manifest.json", "{".getBytes(StandardCharsets.UTF_8));
        CheckpointManifest anew = new CheckpointReplacement(lake, "transactions", 3)
                .write(new CheckpointReplacement.Rebuilt("g", "plan", 600, CONTEXT, List.of(), List.of()));
        assertThat(anew.barrier()).isEqualTo(58);
        assertThat(anew.epoch()).isEqualTo(2);
    }

    @Test
    void withoutAWholeCheckpointThatTheLogContinuesTheClaimIsRefused() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        held = advance(held, 2, true, Map.of("x", "2"));
        lake.delete(held.manifest().base().get(0).name());
        assertUnrestorable(held, 11, "the log starts at 11");
        lake.delete(held.manifest().goneBack().orElseThrow().base().get(0).name());
        assertUnrestorable(held, 0, "of the checkpoint before it");
        assertUnrestorable(new Held(held.manifest().goneBack().orElseThrow(), held.etag()), 0, "no earlier checkpoint");
    }

    @Test
    void theFirstBaseIsPrecededByTheBeginningOfTheLog() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 5, "plan")), 1, true, Map.of("x", "1"));
        lake.delete(held.manifest().base().get(0).name());
        Loaded loaded = new Loaded();
        Restored restored = checkpoints.restore(held, 5, loaded);
        assertThat(loaded.states).isEmpty();
        assertThat(restored.held().manifest().nextOffset()).isEqualTo(5);
        assertUnrestorable(held, 6, "the log starts at 6");
    }

    @Test
    void contextChangesSinceTheCheckpointBeforeAreKept() throws IOException {
        ContextRef second = new ContextRef("m2", 0);
        ContextRef third = new ContextRef("m3", 0);
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        held = advance(held, new Checkpoint(2, 20, second, true, NONE));
        held = advance(held, new Checkpoint(3, 30, third, false, NONE));
        assertThat(held.manifest().changesAhead()).isEmpty();
        CheckpointManifest back = held.manifest().goneBack().orElseThrow();
        assertThat(back.context()).isEqualTo(CONTEXT);
        assertThat(back.changesAhead()).containsExactly(new ContextChange(20, second), new ContextChange(30, third));
        held = advance(new Held(back, held.etag()), new Checkpoint(4, 25, second, false, NONE));
        assertThat(held.manifest().changesAhead()).containsExactly(new ContextChange(30, third));
    }

    @Test
    void aPartitionThatHasLostItsManifestIsNotStartedFromEmpty() throws IOException {
        advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        lake.delete("checkpoints/transactions/3/manifest.json");
        assertRefused(claim("b", "g", 0, "plan"), "manifest.json is missing");
    }

    private void assertUnrestorable(Held held, long startOffset, String why) {
        assertThatThrownBy(() -> checkpoints.restore(held, startOffset, new Loaded()))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("outrider rebuild");
    }

    private void assertCorrupt(Held held, String name, String why) {
        assertThatThrownBy(() -> checkpoints.load(held.manifest(), new Loaded()))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(why);
    }
}
