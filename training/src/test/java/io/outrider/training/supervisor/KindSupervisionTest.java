package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.training.job.JobResult;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KindSupervisionTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(1), 0, 1);
    private static final WorkStatus BROKEN = new WorkStatus.Failed("broken", false);
    private static final RunRequest MANUAL = RunRequest.manual(Map.of(), null);

    private Instant now = START;
    private List<String> nodes = List.of("a:1", "b:1");
    private KindSupervision kind = kind(true, true);

    private static KindSupervision kind(boolean resumable, boolean catchUp) {
        KindSettings settings = new KindSettings(
                Optional.of(new Schedule("0 * * * *", ZoneId.of("UTC"))),
                catchUp,
                Duration.ofHours(1),
                3,
                Duration.ofHours(2));
        return new KindSupervision(
                "etl",
                settings,
                new KindSupervision.Limits(
                        Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofMinutes(1), BACKOFF),
                resumable);
    }

    private Run start() {
        Runs.Answer answer = kind.request(MANUAL, now);
        assertThat(answer).isInstanceOf(Runs.Answer.Accepted.class);
        kind.put(((Runs.Answer.Accepted) answer).run());
        return advance();
    }

    private Run advance() {
        List<RunPlace> places = nodes.stream()
                .map(node -> new RunPlace(node, "worker-" + node, now))
                .toList();
        Optional<KindSupervision.Step> step = kind.due(now, places);
        while (step.isPresent()) {
            kind.put(step.get().run());
            if (step.get().effect() == KindSupervision.Effect.EXECUTE) {
                kind.heard(now);
            }
            step = kind.due(now, places);
        }
        return newest();
    }

    private Run report(WorkStatus status) {
        kind.report(status, now).ifPresent(step -> kind.put(step.run()));
        return newest();
    }

    private Run newest() {
        return kind.before(Long.MAX_VALUE, 1).get(0);
    }

    /** As the supervisor sees time pass: it looks every few seconds. */
    private Run after(Duration time) {
        Instant end = now.plus(time);
        while (now.plusSeconds(10).isBefore(end)) {
            now = now.plusSeconds(10);
            advance();
        }
        now = end;
        return advance();
    }

    @Test
    void aFailedAttemptIsFollowedByOthersOnOtherNodesAfterLongerAndLongerPauses() {
        Run first = start();
        String firstNode = first.place() == null ? "" : first.place().node();
        assertThat(report(BROKEN).state()).isEqualTo(RunState.QUEUED);
        assertThat(after(Duration.ofSeconds(9)).state()).isEqualTo(RunState.QUEUED);
        Run second = after(Duration.ofSeconds(1));
        assertThat(second.state()).isEqualTo(RunState.RUNNING);
        assertThat(second.place()).isNotNull().extracting(RunPlace::node).isNotEqualTo(firstNode);
        report(BROKEN);
        assertThat(after(Duration.ofSeconds(19)).state()).isEqualTo(RunState.QUEUED);
        assertThat(after(Duration.ofSeconds(1)).attempts().begun()).isEqualTo(3);
        Run failed = report(BROKEN);
        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        assertThat(failed.attempts().setbacks()).containsExactly("attempt 1: broken", "attempt 2: broken");
    }

    @Test
    void aHopelessFailureIsTheLast() {
        start();
        Run failed = report(new WorkStatus.Failed("damaged", true));
        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        assertThat(failed.end()).isNotNull().extracting(RunEnd::summary).isEqualTo("damaged");
    }

    @Test
    void aRunWaitsUntilANodeCanTakeIt() {
        nodes = List.of();
        assertThat(start().state()).isEqualTo(RunState.QUEUED);
        nodes = List.of("c:1");
        assertThat(after(Duration.ofDays(1)).place())
                .isNotNull()
                .extracting(RunPlace::node)
                .isEqualTo("c:1");
    }

    @Test
    void aRunThatTakesTooLongIsStoppedWhetherItsWorkerConfirmsOrNot() {
        start();
        for (int tens = 1; tens < 360; tens++) {
            after(Duration.ofSeconds(10));
            report(new WorkStatus.Working(RunProgress.NONE));
        }
        Run stopping = after(Duration.ofSeconds(10));
        assertThat(stopping.stop()).isNotNull();
        assertThat(stopping.state()).isEqualTo(RunState.RUNNING);
        assertThat(kind.request(MANUAL, now)).isInstanceOf(Runs.Answer.Busy.class);
        Run over = after(Duration.ofSeconds(20));
        assertThat(over.state()).isEqualTo(RunState.TIMED_OUT);
        assertThat(over.end())
                .isNotNull()
                .extracting(RunEnd::summary)
                .isEqualTo("took longer than 3600 s; its worker did not confirm within 20 s");
    }

    @Test
    void timeoutCountsTheWaitBetweenAttempts() {
        start();
        report(BROKEN);
        nodes = List.of();
        assertThat(after(Duration.ofHours(1)).state()).isEqualTo(RunState.TIMED_OUT);
    }

    @Test
    void aWorkerThatFallsSilentIsLostAndItsWorkDoneAgainOnlyIfThatIsSafe() {
        start();
        Run again = after(Duration.ofSeconds(30));
        assertThat(again.state()).isEqualTo(RunState.RUNNING);
        assertThat(again.attempts().begun()).isEqualTo(2);
        assertThat(again.attempts().setbacks()).singleElement().asString().contains("nothing was heard of its worker");
        kind = kind(false, true);
        start();
        Run lost = after(Duration.ofSeconds(30));
        assertThat(lost.state()).isEqualTo(RunState.FAILED);
        assertThat(lost.end()).isNotNull().extracting(RunEnd::outcome).isEqualTo(RunEnd.Outcome.LOST);
    }

    @Test
    void whenTheSupervisorItselfWasAwayNobodyIsLost() {
        start();
        now = now.plus(Duration.ofMinutes(50));
        assertThat(advance().attempts().setbacks()).isEmpty();
        assertThat(after(Duration.ofSeconds(30)).attempts().setbacks()).hasSize(1);
    }

    @Test
    void aRunThatKillsEveryNodeItRunsOnComesToAnEnd() {
        start();
        after(Duration.ofSeconds(30));
        after(Duration.ofSeconds(30));
        assertThat(after(Duration.ofSeconds(30)).end())
                .isNotNull()
                .extracting(RunEnd::outcome)
                .isEqualTo(RunEnd.Outcome.LOST);
    }

    @Test
    void aNodeThatIsStoppedCostsNoAttempt() {
        start();
        for (int stops = 1; stops <= 5; stops++) {
            assertThat(report(WorkStatus.Abandoned.INSTANCE).state()).isEqualTo(RunState.QUEUED);
            assertThat(advance().state()).isEqualTo(RunState.RUNNING);
        }
        kind = kind(false, true);
        start();
        assertThat(report(WorkStatus.Abandoned.INSTANCE).end())
                .isNotNull()
                .extracting(RunEnd::outcome)
                .isEqualTo(RunEnd.Outcome.LOST);
    }

    @Test
    void whatIsCancelledEndsSoEvenIfItsNodeDies() {
        start();
        kind.cancel(now).ifPresent(step -> kind.put(step.run()));
        kind.lost("the node has gone", now).ifPresent(step -> kind.put(step.run()));
        assertThat(newest().state()).isEqualTo(RunState.CANCELLED);
        assertThat(newest().end())
                .isNotNull()
                .extracting(RunEnd::summary)
                .asString()
                .contains("the node has gone");
    }

    @Test
    void aKeyGivesTheSameRunForTheSameRequestOnly() {
        RunRequest request = RunRequest.manual(Map.of("seed", "1"), "key");
        Runs.Answer.Accepted first = (Runs.Answer.Accepted) kind.request(request, now);
        kind.put(first.run());
        assertThat(kind.request(request, now)).isEqualTo(new Runs.Answer.Repeated(first.run()));
        assertThat(kind.request(RunRequest.manual(Map.of("seed", "2"), "key"), now))
                .isEqualTo(new Runs.Answer.KeyReused(first.run()));
        advance();
        Run ended = report(new WorkStatus.Done(JobResult.nothingNew("")));
        assertThat(kind.request(request, now.plusSeconds(99))).isEqualTo(new Runs.Answer.Repeated(ended));
    }

    @Test
    void driftGetsNoMoreRunsThanItMay() {
        RunRequest drift = new RunRequest(RunCause.DRIFT, "amount, index 0.31", Map.of(), null);
        kind.put(((Runs.Answer.Accepted) kind.request(drift, now)).run());
        advance();
        report(new WorkStatus.Done(JobResult.nothingNew("")));
        assertThat(kind.request(drift, now.plusSeconds(7_199)))
                .isEqualTo(new Runs.Answer.TooSoon(START.plusSeconds(7_200)));
        assertThat(kind.request(MANUAL, now.plusSeconds(7_199))).isInstanceOf(Runs.Answer.Accepted.class);
        assertThat(kind.request(drift, now.plusSeconds(7_200))).isInstanceOf(Runs.Answer.Accepted.class);
    }

    @Test
    void aFiringInTimeIsARunAMissedOneAsTheSettingsSay() {
        Schedule.Due inTime = new Schedule.Due(now.minusSeconds(1), 1);
        Schedule.Due missed = new Schedule.Due(now.minusSeconds(61), 7);
        assertThat(kind.fired(inTime, now).state()).isEqualTo(RunState.QUEUED);
        Run caughtUp = kind.fired(missed, now);
        assertThat(caughtUp.state()).isEqualTo(RunState.QUEUED);
        assertThat(caughtUp.request().reason()).isEqualTo("7 firings were missed, the last at 2026-03-01T09:58:59Z");
        assertThat(kind(true, false).fired(missed, now).state()).isEqualTo(RunState.SKIPPED);
        assertThat(kind(true, false).fired(inTime, now).state()).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aFiringWhileOneRunsIsSkippedAndSaysWhy() {
        start();
        Run skipped = kind.fired(new Schedule.Due(now, 1), now);
        assertThat(skipped.state()).isEqualTo(RunState.SKIPPED);
        assertThat(skipped.end()).isNotNull().extracting(RunEnd::summary).isEqualTo("etl-1 had not ended");
    }

    /** What may happen from outside, in any order. */
    enum Event {
        REQUEST,
        FIRING,
        WORKING,
        DONE,
        BROKEN,
        HALTED,
        ABANDONED,
        UNKNOWN,
        GONE,
        CANCEL,
        WAIT
    }

    @Property(tries = 1_000)
    void neverTwoAtOnceAndNoneForgottenWhateverHappens(
            @ForAll @Size(max = 60) List<Event> events, @ForAll @IntRange(max = 2) int workers) {
        now = START;
        kind = kind(true, true);
        nodes = List.of("a:1", "b:1").subList(0, workers);
        for (Event event : events) {
            happen(event);
            advanceAny();
            List<Run> runs = kind.before(Long.MAX_VALUE, 1_000);
            assertThat(runs.stream().filter(run -> !run.state().isFinal()).toList())
                    .hasSizeLessThanOrEqualTo(1)
                    .isEqualTo(Optional.ofNullable(kind.active()).stream().toList());
            assertThat(runs).extracting(Run::number).doesNotHaveDuplicates();
        }
        nodes = List.of();
        now = now.plus(Duration.ofDays(1));
        advanceAny();
        now = now.plus(Duration.ofDays(1));
        advanceAny();
        Run left = kind.active();
        assertThat(left == null || left.attempts().begun() == 0)
                .as("what has begun has come to an end: " + left)
                .isTrue();
    }

    private void advanceAny() {
        if (!kind.before(Long.MAX_VALUE, 1).isEmpty()) {
            advance();
        }
    }

    private void happen(Event event) {
        switch (event) {
            case REQUEST -> {
                if (kind.request(MANUAL, now) instanceof Runs.Answer.Accepted accepted) {
                    kind.put(accepted.run());
                }
            }
            case FIRING -> kind.put(kind.fired(new Schedule.Due(now, 1), now));
            case WORKING -> tell(new WorkStatus.Working(RunProgress.NONE));
            case DONE -> tell(new WorkStatus.Done(JobResult.nothingNew("")));
            case BROKEN -> tell(BROKEN);
            case HALTED -> tell(WorkStatus.Halted.INSTANCE);
            case ABANDONED -> tell(WorkStatus.Abandoned.INSTANCE);
            case UNKNOWN -> tell(WorkStatus.Unknown.INSTANCE);
            case GONE -> kind.lost("the node has gone", now).ifPresent(step -> kind.put(step.run()));
            case CANCEL -> kind.cancel(now).ifPresent(step -> kind.put(step.run()));
            case WAIT -> now = now.plusSeconds(15);
        }
    }

    private void tell(WorkStatus status) {
        kind.report(status, now).ifPresent(step -> kind.put(step.run()));
    }
}
