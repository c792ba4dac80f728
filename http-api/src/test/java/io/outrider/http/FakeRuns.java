package io.outrider.http;

import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunAttempts;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A supervisor in memory, of ETL alone: runs begin at once, and end when they are told to. Thread-safe. */
final class FakeRuns implements Runs {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    private final TreeMap<Long, Run> runs = new TreeMap<>();
    private @Nullable RuntimeException failure;
    private Optional<Answer> answer = Optional.empty();

    /** As if new. */
    synchronized void clear() {
        runs.clear();
        failure = null;
        answer = Optional.empty();
    }

    /** What everything fails with from now on; null for nothing. */
    synchronized void failWith(@Nullable RuntimeException error) {
        failure = error;
    }

    /** What the next requests are answered by. */
    synchronized void answerWith(Answer next) {
        answer = Optional.of(next);
    }

    synchronized void progress(long number, double fraction) {
        Run run = Objects.requireNonNull(runs.get(number));
        runs.put(number, run(number, run.request(), RunState.RUNNING, fraction));
    }

    synchronized void end(long number) {
        Run run = Objects.requireNonNull(runs.get(number));
        runs.put(number, run(number, run.request(), RunState.SUCCEEDED, 1));
    }

    private static Run run(long number, RunRequest request, RunState state, double fraction) {
        RunEnd end = state.isFinal()
                ? new RunEnd(AT.plusSeconds(9), RunEnd.Outcome.DONE, "made it", Map.of("version", "3"))
                : null;
        return new Run(
                "etl",
                number,
                request,
                AT,
                null,
                state,
                new RunAttempts(1, AT.plusSeconds(1), null, List.of()),
                new RunPlace("127.0.0.1:17355", "pekko://outrider@127.0.0.1:17355/worker", AT.plusSeconds(1)),
                null,
                new RunProgress(fraction, "replay", Map.of("records", 12L)),
                end,
                state.isFinal() ? 3 : 2);
    }

    @Override
    public synchronized CompletionStage<Answer> start(String kind, RunRequest request) {
        if (!kind.equals("etl")) {
            return answered(new Answer.UnknownKind(List.of("etl")));
        }
        if (answer.isPresent()) {
            return answered(answer.get());
        }
        for (Run run : runs.values()) {
            if (request.key() != null && request.key().equals(run.request().key())) {
                return answered(new Answer.Repeated(run));
            }
            if (!run.state().isFinal()) {
                return answered(new Answer.Busy(run));
            }
        }
        long number = runs.size() + 1L;
        Run run = run(number, request, RunState.RUNNING, 0);
        runs.put(number, run);
        return answered(new Answer.Accepted(run));
    }

    @Override
    public synchronized CompletionStage<Optional<Page>> page(String kind, @Nullable Long before, int limit) {
        if (!kind.equals("etl")) {
            return answered(Optional.empty());
        }
        List<Run> found =
                runs.headMap(before == null ? Long.MAX_VALUE : before, false).descendingMap().values().stream()
                        .limit(limit)
                        .toList();
        boolean more = !found.isEmpty() && found.get(found.size() - 1).number() > 1;
        return answered(Optional.of(new Page(
                found, more ? (Long) found.get(found.size() - 1).number() : null)));
    }

    @Override
    public synchronized CompletionStage<Optional<Run>> find(String kind, String id) {
        return answered(
                runs.values().stream().filter(run -> run.id().equals(id)).findFirst());
    }

    @Override
    public synchronized CompletionStage<Cancellation> cancel(String kind, String id) {
        Optional<Run> run =
                runs.values().stream().filter(one -> one.id().equals(id)).findFirst();
        if (run.isEmpty()) {
            return answered(Cancellation.Unknown.INSTANCE);
        }
        return answered(
                run.get().state().isFinal()
                        ? new Cancellation.Ended(run.get())
                        : new Cancellation.Cancelled(run.get()));
    }

    private <T> CompletionStage<T> answered(T value) {
        return failure != null ? CompletableFuture.failedFuture(failure) : CompletableFuture.completedFuture(value);
    }
}
