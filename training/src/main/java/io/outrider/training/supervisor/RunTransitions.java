package io.outrider.training.supervisor;

import io.outrider.core.run.Run;
import io.outrider.core.run.RunAttempts;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.core.run.RunStop;
import io.outrider.training.job.JobResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a run, one method for each: queued → running → succeeded, failed, cancelled or timed out; from
 * running back to queued when an attempt did not do and another may. Anything else is an IllegalStateException. Pure.
 */
final class RunTransitions {

    private RunTransitions() {}

    /** A run that waits for its first attempt. */
    static Run queued(
            String kind, long number, RunRequest request, Instant requestedAt, @Nullable Instant scheduledFor) {
        return new Run(
                kind,
                number,
                request,
                requestedAt,
                scheduledFor,
                RunState.QUEUED,
                RunAttempts.NONE,
                null,
                null,
                RunProgress.NONE,
                null,
                1);
    }

    /** Instead of beginning, the queued run is over. */
    static Run skipped(Run run, String why, Instant at) {
        require(run, run.state() == RunState.QUEUED && run.attempts().begun() == 0, "skipped");
        return ended(run, RunState.SKIPPED, end(at, RunEnd.Outcome.SKIPPED, why));
    }

    /** An attempt begins. */
    static Run begun(Run run, RunPlace place) {
        require(run, run.state() == RunState.QUEUED, "begun");
        RunAttempts attempts = run.attempts();
        Instant first = attempts.firstAt();
        return changed(
                run,
                RunState.RUNNING,
                new RunAttempts(attempts.begun() + 1, first == null ? place.since() : first, null, attempts.setbacks()),
                place,
                RunProgress.NONE);
    }

    /** The attempt is so far; this alone is no revision. */
    static Run progressed(Run run, RunProgress progress) {
        require(run, run.state() == RunState.RUNNING, "progressed");
        return new Run(
                run.kind(),
                run.number(),
                run.request(),
                run.requestedAt(),
                run.scheduledFor(),
                run.state(),
                run.attempts(),
                run.place(),
                run.stop(),
                progress,
                null,
                run.revision());
    }

    /** Its worker is to be told to stop. */
    static Run stopping(Run run, RunState as, Instant at) {
        require(run, run.state() == RunState.RUNNING && run.stop() == null, "stopped");
        return new Run(
                run.kind(),
                run.number(),
                run.request(),
                run.requestedAt(),
                run.scheduledFor(),
                run.state(),
                run.attempts(),
                run.place(),
                new RunStop(as, at),
                run.progress(),
                null,
                run.revision() + 1);
    }

    /** It has stopped, by its worker's word or for want of one. */
    static Run stopped(Run run, String how, Instant at) {
        RunStop stop = run.stop();
        require(run, stop != null, "stopped");
        return stop == null ? run : ended(run, stop.as(), end(at, outcome(stop.as()), how));
    }

    /** It ends while it waits. */
    static Run withdrawn(Run run, RunState as, String why, Instant at) {
        require(run, run.state() == RunState.QUEUED, as.wireName());
        return ended(run, as, end(at, outcome(as), why));
    }

    static Run succeeded(Run run, JobResult result, Instant at) {
        require(run, run.state() == RunState.RUNNING, "succeeded");
        RunEnd.Outcome outcome = result.nothingNew() ? RunEnd.Outcome.NOTHING_NEW : RunEnd.Outcome.DONE;
        return ended(
                progressed(
                        run,
                        new RunProgress(
                                1, run.progress().message(), run.progress().counters())),
                RunState.SUCCEEDED,
                new RunEnd(at, outcome, result.summary(), result.results()));
    }

    /** The attempt did not do, and another one is to follow. */
    static Run again(Run run, String setback, Instant notBefore) {
        require(run, run.state() == RunState.RUNNING && run.stop() == null, "tried again");
        RunAttempts attempts = run.attempts();
        List<String> setbacks = new ArrayList<>(attempts.setbacks());
        setbacks.add("attempt " + attempts.begun() + ": " + setback);
        return changed(
                run,
                RunState.QUEUED,
                new RunAttempts(attempts.begun(), attempts.firstAt(), notBefore, setbacks),
                run.place(),
                run.progress());
    }

    /** The attempt did not do, and none is to follow; lost: nobody knows how it ended. */
    static Run failed(Run run, boolean lost, String why, Instant at) {
        require(run, run.state() == RunState.RUNNING, "failed");
        return ended(run, RunState.FAILED, end(at, lost ? RunEnd.Outcome.LOST : RunEnd.Outcome.FAILED, why));
    }

    private static Run changed(
            Run run, RunState state, RunAttempts attempts, @Nullable RunPlace place, RunProgress progress) {
        return new Run(
                run.kind(),
                run.number(),
                run.request(),
                run.requestedAt(),
                run.scheduledFor(),
                state,
                attempts,
                place,
                null,
                progress,
                null,
                run.revision() + 1);
    }

    private static Run ended(Run run, RunState state, RunEnd end) {
        RunAttempts attempts = run.attempts();
        return new Run(
                run.kind(),
                run.number(),
                run.request(),
                run.requestedAt(),
                run.scheduledFor(),
                state,
                new RunAttempts(attempts.begun(), attempts.firstAt(), null, attempts.setbacks()),
                run.place(),
                null,
                run.progress(),
                end,
                run.revision() + 1);
    }

    private static RunEnd end(Instant at, RunEnd.Outcome outcome, String summary) {
        return new RunEnd(at, outcome, summary, Map.of());
    }

    private static RunEnd.Outcome outcome(RunState state) {
        return switch (state) {
            case CANCELLED -> RunEnd.Outcome.CANCELLED;
            case TIMED_OUT -> RunEnd.Outcome.TIMED_OUT;
            default -> throw new IllegalStateException("nothing is ended from outside to be " + state.wireName());
        };
    }

    private static void require(Run run, boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(run.id() + " is " + run.state().wireName()
                    + (run.stop() == null ? "" : ", stopping") + " and can't be " + what);
        }
    }
}
