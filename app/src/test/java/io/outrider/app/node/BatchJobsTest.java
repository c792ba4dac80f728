package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

class BatchJobsTest {

    private final CompletableFuture<Done> runs = new CompletableFuture<>();
    private final CompletableFuture<Done> replays = new CompletableFuture<>();
    private boolean leftReplays;

    @Test
    void runsOfThisNodeAreLeftBeforeItsShareInOthers() {
        CompletableFuture<Done> drained = drained();
        assertThat(leftReplays).isFalse();
        runs.complete(Done.getInstance());
        assertThat(leftReplays).isTrue();
        assertThat(drained).isNotDone();
        replays.complete(Done.getInstance());
        assertThat(drained).isCompleted();
    }

    @Test
    void theShareInOthersIsLeftEvenIfOwnRunsWereNotInTime() {
        CompletableFuture<Done> drained = drained();
        runs.completeExceptionally(new IllegalStateException("not in time"));
        assertThat(leftReplays).isTrue();
        replays.complete(Done.getInstance());
        assertThat(drained).isCompletedExceptionally();
    }

    private CompletableFuture<Done> drained() {
        return BatchJobs.inTurn(() -> runs, () -> {
                    leftReplays = true;
                    return replays;
                })
                .toCompletableFuture();
    }
}
