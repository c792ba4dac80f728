package io.outrider.training.supervisor;

import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.core.run.RunStop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one kind, and what is to happen with them next. Decides and does nothing: what it proposes becomes true with
 * {@link #put}, once it is in the lake. Never two runs of the kind at once. Not thread-safe.
 */
final class KindSupervision {

    private final String kind;
    private final KindSettings settings;
    private final Limits limits;
    private final boolean resumable;
    private final TreeMap<Long, Run> runs = new TreeMap<>();
    private @Nullable Run active;
    private long highest;
    private Instant heardAt = Instant.MIN;
    private Instant lookedAt = Instant.MIN;

    /**
     * What holds for all kinds.
     *
     * @param lostAfter a worker that says nothing for so long has gone
     * @param stopGrace how long a worker may take to stop
     * @param missedAfter a firing later than this was missed
     */
    record Limits(Duration lostAfter, Duration stopGrace, Duration missedAfter, Backoff backoff) {}

    /** What is to be done, besides putting the run down. */
    enum Effect {
        NONE,
        /** Its worker is to begin. */
        EXECUTE,
        /** Its worker is to stop. */
        HALT
    }

    /** A run as it is to be from now on. */
    record Step(Run run, Effect effect) {}

    KindSupervision(String kind, KindSettings settings, Limits limits, boolean resumable) {
        this.kind = kind;
        this.settings = settings;
        this.limits = limits;
        this.resumable = resumable;
    }

    KindSettings settings() {
        return settings;
    }

    /** Makes it true. */
    void put(Run run) {
        runs.put(run.number(), run);
        reserve(run.number());
        if (!run.state().isFinal()) {
            active = run;
        } else if (active != null && active.number() == run.number()) {
            active = null;
        }
    }

    /** Numbers up to this one are taken. */
    void reserve(long number) {
        highest = Math.max(highest, number);
    }

    /** The one that has not ended, if any. */
    @Nullable
    Run active() {
        return active;
    }

    /** Its worker has given a sign of life, or has just been asked for one. */
    void heard(Instant now) {
        heardAt = now;
    }

    Optional<Run> find(long number) {
        return Optional.ofNullable(runs.get(number));
    }

    /** Those before a number, newest first. */
    List<Run> before(long number, int limit) {
        return runs.headMap(number, false).descendingMap().values().stream()
                .limit(limit)
                .toList();
    }

    /** The oldest that are more than so many and have ended; they are to be forgotten. */
    List<Run> beyond(int history) {
        List<Run> old = new ArrayList<>();
        for (Run run : runs.values()) {
            if (runs.size() - old.size() <= history) {
                break;
            }
            if (run.state().isFinal()) {
                old.add(run);
            }
        }
        return old;
    }

    void forget(Run run) {
        runs.remove(run.number());
    }

    /** Answers a request; {@link Runs.Answer.Accepted} carries a run that is to be put. */
    Runs.Answer request(RunRequest request, Instant now) {
        String key = request.key();
        if (key != null) {
            for (Run run : runs.descendingMap().values()) {
                if (key.equals(run.request().key())) {
                    return run.request().parameters().equals(request.parameters())
                            ? new Runs.Answer.Repeated(run)
                            : new Runs.Answer.KeyReused(run);
                }
            }
        }
        if (active != null) {
            return new Runs.Answer.Busy(active);
        }
        if (request.cause() == RunCause.DRIFT) {
            Optional<Instant> next = lastOfDrift().map(last -> last.plus(settings.driftInterval()));
            if (next.isPresent() && now.isBefore(next.get())) {
                return new Runs.Answer.TooSoon(next.get());
            }
        }
        return new Runs.Answer.Accepted(RunTransitions.queued(kind, highest + 1, request, now, null));
    }

    private Optional<Instant> lastOfDrift() {
        return runs.descendingMap().values().stream()
                .filter(run -> run.request().cause() == RunCause.DRIFT)
                .map(Run::requestedAt)
                .findFirst();
    }

    /** The run that a firing of the schedule brings; it may be one that is skipped. */
    Run fired(Schedule.Due due, Instant now) {
        boolean missed = Duration.between(due.at(), now).compareTo(limits.missedAfter()) > 0;
        String firings = due.firings() == 1 ? "a firing was" : due.firings() + " firings were";
        String reason = missed ? firings + " missed, the last at " + due.at() : "";
        RunRequest request = new RunRequest(RunCause.SCHEDULE, reason, Map.of(), null);
        Run run = RunTransitions.queued(kind, highest + 1, request, now, due.at());
        if (active != null) {
            return RunTransitions.skipped(run, active.id() + " had not ended", now);
        }
        return missed && !settings.catchUp() ? RunTransitions.skipped(run, reason, now) : run;
    }

    /** The newest firing that has been seen to; empty if none is known. */
    Optional<Instant> lastFiring() {
        return runs.descendingMap().values().stream()
                .map(Run::scheduledFor)
                .filter(at -> at != null)
                .findFirst();
    }

    /**
     * What is due with the active run.
     *
     * @param workers who could take it
     */
    Optional<Step> due(Instant now, List<RunPlace> workers) {
        if (lookedAt.isBefore(now.minus(limits.lostAfter().dividedBy(2)))) {
            heardAt = now; // nobody has listened, for the supervisor was away itself
        }
        lookedAt = now;
        Run run = active;
        if (run == null) {
            return Optional.empty();
        }
        Instant first = run.attempts().firstAt();
        boolean over = first != null && !now.isBefore(first.plus(settings.timeout()));
        return run.state() == RunState.QUEUED ? dueQueued(run, over, now, workers) : dueRunning(run, over, now);
    }

    private Optional<Step> dueQueued(Run run, boolean over, Instant now, List<RunPlace> workers) {
        if (over) {
            return step(RunTransitions.withdrawn(run, RunState.TIMED_OUT, tooLong(), now));
        }
        Instant nextAt = run.attempts().nextAt();
        if (workers.isEmpty() || (nextAt != null && now.isBefore(nextAt))) {
            return Optional.empty();
        }
        // Another node than the one that the last attempt was on, where there is one.
        int choice = Math.floorMod(run.number() + run.attempts().begun(), workers.size());
        return Optional.of(new Step(RunTransitions.begun(run, workers.get(choice)), Effect.EXECUTE));
    }

    private Optional<Step> dueRunning(Run run, boolean over, Instant now) {
        RunStop stop = run.stop();
        if (stop == null && over) {
            return Optional.of(new Step(RunTransitions.stopping(run, RunState.TIMED_OUT, now), Effect.HALT));
        }
        if (stop != null && !now.isBefore(stop.at().plus(limits.stopGrace()))) {
            return step(RunTransitions.stopped(
                    run, cause(stop) + "; its worker did not confirm within " + text(limits.stopGrace()), now));
        }
        return now.isBefore(heardAt.plus(limits.lostAfter()))
                ? Optional.empty()
                : lost("nothing was heard of its worker for " + text(limits.lostAfter()), now);
    }

    /** Asked to end the active run. */
    Optional<Step> cancel(Instant now) {
        Run run = active;
        if (run == null || run.stop() != null) {
            return Optional.empty();
        }
        return run.state() == RunState.QUEUED
                ? step(RunTransitions.withdrawn(run, RunState.CANCELLED, "cancelled while it waited", now))
                : Optional.of(new Step(RunTransitions.stopping(run, RunState.CANCELLED, now), Effect.HALT));
    }

    /** What a worker's word about the attempt that runs comes to; empty if only the progress has changed. */
    Optional<Step> report(WorkStatus status, Instant now) {
        Run run = active;
        if (run == null || run.state() != RunState.RUNNING) {
            return Optional.empty();
        }
        heard(now);
        if (status instanceof WorkStatus.Working working) {
            active = RunTransitions.progressed(run, working.progress());
            runs.put(active.number(), active);
            return Optional.empty();
        }
        if (status instanceof WorkStatus.Done done) {
            return step(RunTransitions.succeeded(run, done.result(), now));
        }
        if (run.stop() != null) {
            return step(RunTransitions.stopped(run, cause(run.stop()), now));
        }
        if (status instanceof WorkStatus.Failed failed) {
            return failed(run, failed, now);
        }
        return status == WorkStatus.Unknown.INSTANCE
                ? lost("its worker knew nothing of it", now)
                : lost("its node was stopped", resumable, now);
    }

    private Optional<Step> failed(Run run, WorkStatus.Failed failed, Instant now) {
        int attempt = run.attempts().begun();
        if (failed.hopeless() || attempt >= settings.attempts()) {
            return step(RunTransitions.failed(run, false, failed.why(), now));
        }
        Instant nextAt = now.plus(limits.backoff().pause(run.number(), attempt));
        return step(RunTransitions.again(run, failed.why(), nextAt));
    }

    /** The attempt that runs is lost: nobody knows how far it came. */
    Optional<Step> lost(String why, Instant now) {
        Run run = active;
        return lost(why, resumable && run != null && run.attempts().begun() < settings.attempts(), now);
    }

    /** @param again whether another attempt is to follow, unless the run was to stop anyway */
    private Optional<Step> lost(String why, boolean again, Instant now) {
        Run run = active;
        if (run == null || run.state() != RunState.RUNNING) {
            return Optional.empty();
        }
        RunPlace place = run.place();
        String what = "lost on node " + (place == null ? "" : place.node()) + ": " + why;
        if (run.stop() != null) {
            return step(RunTransitions.stopped(run, cause(run.stop()) + "; " + what, now));
        }
        return step(again ? RunTransitions.again(run, what, now) : RunTransitions.failed(run, true, what, now));
    }

    private String cause(RunStop stop) {
        return stop.as() == RunState.TIMED_OUT ? tooLong() : "cancelled at " + stop.at();
    }

    private String tooLong() {
        return "took longer than " + text(settings.timeout());
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static Optional<Step> step(Run run) {
        return Optional.of(new Step(run, Effect.NONE));
    }
}
