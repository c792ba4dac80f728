package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunAttempts;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes every request of a new key for runs of one kind, and does nothing. */
final class AskedRuns implements Runs {

    private final String kind;
    final List<RunRequest> requests = new ArrayList<>();

    /** Whether every request is told that it comes too soon. */
    boolean tooSoon;

    AskedRuns(String kind) {
        this.kind = kind;
    }

    @Override
    public CompletionStage<Answer> start(String asked, RunRequest request) {
        assertThat(asked).isEqualTo(kind);
        Run run = new Run(
                kind,
                1,
                request,
                Instant.EPOCH,
                null,
                RunState.QUEUED,
                RunAttempts.NONE,
                null,
                null,
                RunProgress.NONE,
                null,
                1);
        if (requests.stream().anyMatch(before -> String.valueOf(before.key()).equals(request.key()))) {
            return CompletableFuture.completedFuture(new Answer.Repeated(run));
        }
        requests.add(request);
        return CompletableFuture.completedFuture(
                tooSoon ? new Answer.TooSoon(Instant.EPOCH) : new Answer.Accepted(run));
    }

    @Override
    public CompletionStage<Optional<Page>> page(String kind, @Nullable Long before, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<Run>> find(String kind, String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Cancellation> cancel(String kind, String id) {
        throw new UnsupportedOperationException();
    }
}
