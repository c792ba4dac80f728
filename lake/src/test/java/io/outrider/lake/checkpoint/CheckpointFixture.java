package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One partition's checkpoints in a real folder; an account's state is a text. */
abstract class CheckpointFixture {

    static final ContextRef CONTEXT = new ContextRef("m1", 0);

    @TempDir
    private Path folder;

    BlobStore lake;
    PartitionCheckpoints checkpoints;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        checkpoints = new PartitionCheckpoints(lake, "transactions", 3);
    }

    void assertRefused(Claim claim, String why) {
        assertThatThrownBy(() -> checkpoints.claim(claim))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessageContaining(why);
    }

    Held advance(Held held, long barrier, boolean complete, Map<String, String> states) throws IOException {
        return advance(held, checkpoint(barrier, complete, states));
    }

    Held advance(Held held, Checkpoint checkpoint) throws IOException {
        Outcome outcome = checkpoints.advance(held, checkpoint);
        return ((Outcome.Written) outcome).held();
    }

    static Checkpoint checkpoint(long barrier, boolean complete, Map<String, String> states) {
        List<AccountBytes> accounts = states.entrySet().stream()
                .map(entry -> new AccountBytes(entry.getKey(), entry.getValue().getBytes(StandardCharsets.UTF_8)))
                .toList();
        return new Checkpoint(barrier, barrier * 10, CONTEXT, complete, AccountStream.of(accounts));
    }

    Map<String, String> states(Held held) throws IOException {
        Loaded loaded = new Loaded();
        checkpoints.load(held.manifest(), loaded);
        return loaded.states;
    }

    /** Takes accounts into a map. */
    static final class Loaded implements RestoredAccounts {

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

    static Claim claim(String owner, String generation, long startOffset, String plan) {
        return new Claim(owner, "transactions", generation, 3, startOffset, 1_000, plan, CONTEXT);
    }
}
