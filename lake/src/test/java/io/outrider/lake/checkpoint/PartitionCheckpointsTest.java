package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.checkpoint.CheckpointReplacement.Rebuilt;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Claiming, advancing, and who is refused. */
class PartitionCheckpointsTest extends CheckpointFixture {

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
