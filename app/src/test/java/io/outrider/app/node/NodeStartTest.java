package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a start does about what is not there. */
class NodeStartTest {

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final NodeStart start = new NodeStart(Duration.ofMillis(1), said::add);

    @Test
    void whatIsAwayIsTriedUntilItIsThereAndTheReasonIsTold() throws Exception {
        Deque<IOException> failures =
                new ArrayDeque<>(List.of(new IOException("the lake is frozen"), new AccessDeniedException("/lake")));
        CountDownLatch there = new CountDownLatch(1);
        start.run(steps -> {
            assertThat(steps.until("the lake", () -> {
                        IOException failure = failures.poll();
                        if (failure != null) {
                            throw failure;
                        }
                        return "lake";
                    }))
                    .isEqualTo("lake");
            there.countDown();
        });

        assertThat(there.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .containsExactly(
                        "waiting for the lake",
                        "the lake cannot be used yet: the lake is frozen",
                        "the lake cannot be used yet: /lake: permission denied");
        assertThat(start.failure()).isNotDone();
    }

    @Test
    void whatNoWaitingCanMendEndsTheStart() {
        start.run(steps -> steps.until("the plan", () -> {
            throw new IllegalArgumentException("no such plan");
        }));

        assertThatThrownBy(() -> start.failure().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no such plan");
    }

    @Test
    void anErrorEndsTheStartAndIsTold() {
        start.run(steps -> steps.until("the lake", () -> {
            throw new NoClassDefFoundError("a codec's");
        }));

        assertThatThrownBy(() -> start.failure().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(start.taken()).isCompletedExceptionally();
        assertThat(said).endsWith("the start failed: a codec's");
    }

    @Test
    void closingEndsTheWaiting() throws Exception {
        CountDownLatch trying = new CountDownLatch(1);
        CompletableFuture<Thread> starter = new CompletableFuture<>();
        start.run(steps -> steps.until("the broker", () -> {
            starter.complete(Thread.currentThread());
            trying.countDown();
            throw new IOException("nobody there");
        }));
        assertThat(trying.await(30, TimeUnit.SECONDS)).isTrue();

        start.close();

        assertThat(starter.join().isAlive()).isFalse();
        assertThat(start.failure()).isNotDone();
    }
}
