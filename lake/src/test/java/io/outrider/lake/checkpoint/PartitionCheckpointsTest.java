package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.checkpoint.CheckpointReplacement.Rebuilt;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Restored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claiming, advancing, loading, and what is refused. */
class PartitionCheckpointsTest {

    private static final ContextRef CONTEXT = new ContextRef("m1", 0);
    private static final AccountStream NONE = AccountStream.of(List.of());

    @TempDir
    Path folder;

    private BlobStore lake;
    private PartitionCheckpoints checkpoints;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        checkpoints = new PartitionCheckpoints(lake, "transactions", 3);
    }

    @Test
    void aPartitionNeverClaimedStartsWhereItsLogStarts() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 5, "plan"));
        assertThat(held.manifest().epoch()).isEqualTo(1);
        assertThat(held.manifest().nextOffset()).isEqualTo(5);
        assertThat(held.manifest().context()).isEqualTo(CONTEXT);
        assertThat(states(held)).isEmpty();
    }

    @Test
    void deltasReplaceWhatTheBaseSaysAndANewBaseDropsTheOldFiles() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        held = advance(held, 1, true, Map.of("x", "1", "y", "1"));
        held = advance(held, 2, false, Map.of("y", "2", "z", "2"));
        Held next = checkpoints.claim(claim("b", "g", 0, "plan"));
        assertThat(states(next)).isEqualTo(Map.of("x", "1", "y", "2", "z", "2"));
        assertThat(next.manifest().epoch()).isEqualTo(2);
        assertThat(next.manifest().nextOffset()).isEqualTo(20);
        next = advance(next, 3, true, Map.of("x", "1", "y", "2", "z", "3"));
        assertThat(states(next)).isEqualTo(Map.of("x", "1", "y", "2", "z", "3"));
        assertThat(lake.list("checkpoints/"))
                .as("manifest, two bases and the delta between them")
                .hasSize(4);
        advance(next, 4, true, Map.of("x", "4"));
        assertThat(lake.list("checkpoints/")).as("manifest and two bases").hasSize(3);
        assertThat(held.manifest().epoch()).isEqualTo(1);
    }

    @Test
    void aFormerOwnerIsFencedAndChangesNothing() throws IOException {
        Held former = checkpoints.claim(claim("a", "g", 0, "plan"));
        Held owner = checkpoints.claim(claim("b", "g", 0, "plan"));
        Outcome outcome = checkpoints.advance(former, checkpoint(1, true, Map.of("x", "wrong")));
        assertThat(outcome).isInstanceOf(Outcome.Fenced.class);
        assertThat(states(checkpoints.claim(claim("c", "g", 0, "plan")))).isEmpty();
        assertThat(owner.manifest().epoch()).isEqualTo(2);
    }

    @Test
    void aClaimThatIsToFollowAnotherCanBeRepeatedAndIsRefusedOnceAThirdHasClaimed() throws IOException {
        Held former = checkpoints.claim(claim("a", "g", 0, "plan"));
        Held next = checkpoints.claim(claim("b", "g", 0, "plan"), manifest -> false, former);
        assertThat(checkpoints.claim(claim("b", "g", 0, "plan"), manifest -> false, former))
                .isEqualTo(next);
        checkpoints.claim(claim("c", "g", 0, "plan"));
        assertThatThrownBy(() -> checkpoints.claim(claim("b", "g", 0, "plan"), manifest -> false, former))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessage("partition 3 of topic transactions was claimed by another meanwhile");
    }

    @Test
    void advancingAgainAfterALostAnswerIsTheSameAsOnce() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        Checkpoint checkpoint = checkpoint(1, true, Map.of("x", "1"));
        Outcome first = checkpoints.advance(held, checkpoint);
        assertThat(checkpoints.advance(held, checkpoint)).isEqualTo(first);
    }

    @Test
    void aRefusalOfAWriteThatTookEffectIsNotAFence() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        PartitionCheckpoints refused = new PartitionCheckpoints(new RefusingLake(lake, true), "transactions", 3);
        Outcome outcome = refused.advance(held, checkpoint(1, true, Map.of("x", "1")));
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        assertThat(states(((Outcome.Written) outcome).held())).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void aRefusalWithoutAnotherOwnerIsToBeTriedAgain() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        PartitionCheckpoints refused = new PartitionCheckpoints(new RefusingLake(lake, false), "transactions", 3);
        Checkpoint checkpoint = checkpoint(1, true, Map.of("x", "1"));
        assertThatThrownBy(() -> refused.advance(held, checkpoint))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("barrier 1");
        assertThat(checkpoints.advance(held, checkpoint)).isInstanceOf(Outcome.Written.class);
    }

    @Test
    void leftoversOfFencedOwnersAreDeletedAndNothingElse() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        String stray = "checkpoints/transactions/3/0000000001-0000000009-0.delta.avro";
        lake.put(stray, new byte[] {1});
        Held next = checkpoints.claim(claim("b", "g", 0, "plan"));
        checkpoints.deleteLeftovers(next.manifest());
        assertThat(lake.get(stray)).isEmpty();
        assertThat(states(next)).isEqualTo(Map.of("x", "1"));
        assertThat(held.manifest().files()).hasSize(1);
    }

    @Test
    void aRebuildThatLosesThePartitionToAClaimLeavesItsCheckpointAlone() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        CheckpointReplacement replacement = new CheckpointReplacement(lake, "transactions", 3);
        Held next = advance(checkpoints.claim(claim("b", "g", 0, "plan")), 2, true, Map.of("x", "2"));
        List<AccountBytes> states = List.of(new AccountBytes("x", "rebuilt".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> replacement.write(new Rebuilt("g", "plan", 10, CONTEXT, List.of(), states)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was claimed while it was being rebuilt");
        Loaded loaded = new Loaded();
        assertThat(checkpoints.restore(next, 0, loaded).damage()).isNull();
        assertThat(loaded.states).isEqualTo(Map.of("x", "2"));
        Held last = checkpoints.claim(claim("c", "g", 0, "plan"));
        checkpoints.deleteLeftovers(last.manifest());
        assertThat(lake.list("checkpoints/"))
                .as("manifest and two bases, nothing of the rebuild")
                .hasSize(3);
        assertThat(held.manifest().epoch()).isEqualTo(1);
    }

    @Test
    void anotherGenerationPlanOrALostPartOfTheLogIsRefused() throws IOException {
        advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        assertRefused(claim("b", "h", 0, "plan"), "was recreated");
        assertRefused(claim("b", "g", 11, "plan"), "the log starts at 11");
        assertRefused(claim("b", "g", 0, "other plan"), "feature plan");
        assertRefused(new Claim("b", "transactions", "g", 3, 0, 9, "plan", CONTEXT), "the log ends at 9");
        assertThat(checkpoints.claim(claim("b", "g", 10, "plan")).manifest().epoch())
                .isEqualTo(2);
    }

    @Test
    void statesOfAnotherPlanReplaceAllOthersOnceWithTheContextTheyAreFor() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1", "y", "1"));
        held = advance(held, 2, false, Map.of("y", "2"));
        Checkpoint next = new Checkpoint(
                3,
                30,
                new ContextRef("m2", 0),
                true,
                checkpoint(3, true, Map.of("x", "new")).accounts());
        Held before = held;
        assertThatThrownBy(() -> checkpoints.changePlan(before, checkpoint(3, false, Map.of()), "other"))
                .isInstanceOf(IllegalArgumentException.class);
        Outcome first = checkpoints.changePlan(held, next, "other");
        assertThat(checkpoints.changePlan(held, next, "other")).as("again").isEqualTo(first);
        assertRefused(claim("b", "g", 0, "plan"), "feature plan other");
        Held changed = checkpoints.claim(
                claim("b", "g", 0, "plan"),
                manifest -> manifest.context().modelVersion().equals("m2"));
        assertThat(changed.manifest().planFingerprint()).isEqualTo("other");
        assertThat(states(changed)).isEqualTo(Map.of("x", "new"));
        assertThat(changed.manifest().previous())
                .as("a replay could not go on across the change")
                .isNull();
        assertThat(changed.manifest().changes())
                .extracting(ContextChange::offset)
                .containsExactly(0L, 30L);
        assertThat(checkpoints.advance(before, checkpoint(3, true, Map.of()))).isInstanceOf(Outcome.Fenced.class);
    }

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

    @Test
    void aManifestFromBeforeThereWerePreviousCheckpointsIsRead() throws IOException {
        String json = """
                {"version": 1, "topic": "transactions", "generation": "g", "partition": 3, "epoch": 7, "owner": "o",
                 "barrier": 2, "nextOffset": 20, "planFingerprint": "plan",
                 "context": {"modelVersion": "m1", "riskVersion": 0}, "base": [], "deltas": []}""";
        CheckpointManifest manifest = CheckpointManifest.fromJson("m", json.getBytes(StandardCharsets.UTF_8));
        assertThat(manifest.previous()).isNull();
        assertThat(manifest.changes())
                .as("what is known of its history")
                .containsExactly(new ContextChange(20, CONTEXT));
        assertThat(manifest.nextOffset()).isEqualTo(20);
    }

    @Test
    void aManifestWithACanaryIsOfAVersionThatBuildsWithoutCanariesRefuse() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        ContextRef shadowed = new ContextRef("m1", 3, "m2", null);
        ContextRef canary = shadowed.withCanary(new Canary("m2", 0.25));
        held = advance(held, 1, shadowed);
        assertThat(held.manifest().version()).isEqualTo(1);
        assertThat(read().context()).isEqualTo(shadowed);
        held = advance(held, 2, canary);
        assertThat(held.manifest().version()).isEqualTo(2);
        assertThat(read()).isEqualTo(held.manifest());
        held = advance(held, 3, shadowed);
        assertThat(held.manifest().version()).as("a way back decides under it").isEqualTo(2);
        held = advance(held, 4, shadowed);
        assertThat(held.manifest().version()).isEqualTo(1);
    }

    private Held advance(Held from, long barrier, ContextRef context) throws IOException {
        Checkpoint to = new Checkpoint(
                barrier, barrier * 10, context, true, AccountStream.of(List.of(new AccountBytes("x", new byte[] {1}))));
        return ((Outcome.Written) checkpoints.advance(from, to)).held();
    }

    private CheckpointManifest read() throws IOException {
        String name = "checkpoints/transactions/3/manifest.json";
        return CheckpointManifest.fromJson(name, lake.get(name).orElseThrow().content());
    }

    @Test
    void aFileIsPlainAvroThatAnyReaderUnderstands() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        byte[] content =
                lake.get(held.manifest().base().get(0).name()).orElseThrow().content();
        try (var reader =
                new DataFileReader<>(new SeekableByteArrayInput(content), new GenericDatumReader<GenericRecord>())) {
            assertThat(reader.getMetaString("outrider.plan")).isEqualTo("plan");
            assertThat(reader.next().get("account")).hasToString("x");
        }
    }

    private void assertRefused(Claim claim, String why) {
        assertThatThrownBy(() -> checkpoints.claim(claim))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessageContaining(why);
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

    private Held advance(Held held, long barrier, boolean complete, Map<String, String> states) throws IOException {
        return advance(held, checkpoint(barrier, complete, states));
    }

    private Held advance(Held held, Checkpoint checkpoint) throws IOException {
        Outcome outcome = checkpoints.advance(held, checkpoint);
        return ((Outcome.Written) outcome).held();
    }

    private static Checkpoint checkpoint(long barrier, boolean complete, Map<String, String> states) {
        List<AccountBytes> accounts = states.entrySet().stream()
                .map(entry -> new AccountBytes(entry.getKey(), entry.getValue().getBytes(StandardCharsets.UTF_8)))
                .toList();
        return new Checkpoint(barrier, barrier * 10, CONTEXT, complete, AccountStream.of(accounts));
    }

    private Map<String, String> states(Held held) throws IOException {
        Loaded loaded = new Loaded();
        checkpoints.load(held.manifest(), loaded);
        return loaded.states;
    }

    /** Takes accounts into a map. */
    private static final class Loaded implements RestoredAccounts {

        final Map<String, String> states = new HashMap<>();

        @Override
        public void put(String account, byte[] state) {
            states.put(account, new String(state, StandardCharsets.UTF_8));
        }

        @Override
        public void clear() {
            states.clear();
        }
    }

    private static Claim claim(String owner, String generation, long startOffset, String plan) {
        return new Claim(owner, "transactions", generation, 3, startOffset, 1_000, plan, CONTEXT);
    }

    /** Says of every conditional replacement that it was refused, whether it took effect or not. */
    private record RefusingLake(BlobStore inner, boolean takesEffect) implements BlobStore {

        @Override
        public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
            if (takesEffect) {
                inner.putIfMatch(name, content, etag);
            }
            return Optional.empty();
        }

        @Override
        public Optional<Blob> get(String name) throws IOException {
            return inner.get(name);
        }

        @Override
        public String put(String name, byte[] content) throws IOException {
            return inner.put(name, content);
        }

        @Override
        public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
            return inner.putIfAbsent(name, content);
        }

        @Override
        public void delete(String name) throws IOException {
            inner.delete(name);
        }

        @Override
        public List<Entry> list(String prefix) throws IOException {
            return inner.list(prefix);
        }
    }
}
