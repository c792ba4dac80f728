package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.run.Run;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.training.job.JobResult;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RunTransitionsTest {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    /** All that can happen to a run. */
    enum Event {
        SKIPPED,
        BEGUN,
        PROGRESSED,
        STOPPING,
        TIMED_OUT,
        STOPPED,
        WITHDRAWN,
        SUCCEEDED,
        AGAIN,
        FAILED,
        LOST;

        Run on(Run run) {
            return switch (this) {
                case SKIPPED -> RunTransitions.skipped(run, "why", AT);
                case BEGUN -> RunTransitions.begun(run, new RunPlace("a:1", "worker-a", AT));
                case PROGRESSED -> RunTransitions.progressed(run, new RunProgress(0.5, "half", Map.of("rows", 7L)));
                case STOPPING -> RunTransitions.stopping(run, RunState.CANCELLED, AT);
                case TIMED_OUT -> RunTransitions.stopping(run, RunState.TIMED_OUT, AT);
                case STOPPED -> RunTransitions.stopped(run, "confirmed", AT);
                case WITHDRAWN -> RunTransitions.withdrawn(run, RunState.CANCELLED, "why", AT);
                case SUCCEEDED -> RunTransitions.succeeded(run, JobResult.nothingNew("nothing"), AT);
                case AGAIN -> RunTransitions.again(run, "broken", AT);
                case FAILED -> RunTransitions.failed(run, false, "broken", AT);
                case LOST -> RunTransitions.failed(run, true, "gone", AT);
            };
        }
    }

    /** What may happen in which state, written down a second time. */
    private static Set<Event> allowed(Run run) {
        return switch (run.state()) {
            case QUEUED ->
                run.attempts().begun() == 0
                        ? EnumSet.of(Event.SKIPPED, Event.BEGUN, Event.WITHDRAWN)
                        : EnumSet.of(Event.BEGUN, Event.WITHDRAWN);
            case RUNNING ->
                run.stop() == null
                        ? EnumSet.of(
                                Event.PROGRESSED,
                                Event.STOPPING,
                                Event.TIMED_OUT,
                                Event.SUCCEEDED,
                                Event.AGAIN,
                                Event.FAILED,
                                Event.LOST)
                        : EnumSet.of(Event.PROGRESSED, Event.STOPPED, Event.SUCCEEDED, Event.FAILED, Event.LOST);
            case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT, SKIPPED -> EnumSet.noneOf(Event.class);
        };
    }

    private static Run fresh() {
        return RunTransitions.queued("etl", 1, RunRequest.manual(Map.of(), null), AT, null);
    }

    @Property(tries = 2_000)
    void whateverHappensOnlyWhatMayHappenDoes(@ForAll @Size(max = 20) List<Event> events) {
        Run run = fresh();
        for (Event event : events) {
            Run before = run;
            if (!allowed(before).contains(event)) {
                assertThatThrownBy(() -> event.on(before))
                        .as(event + " on " + before)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("etl-1");
                continue;
            }
            run = event.on(before);
            assertThat(run.revision()).isEqualTo(before.revision() + (event == Event.PROGRESSED ? 0 : 1));
            assertThat(run.attempts().begun()).isEqualTo(before.attempts().begun() + (event == Event.BEGUN ? 1 : 0));
            assertThat(run.attempts().setbacks())
                    .hasSize(before.attempts().setbacks().size() + (event == Event.AGAIN ? 1 : 0))
                    .containsAll(before.attempts().setbacks());
            assertThat(run.end() != null).isEqualTo(run.state().isFinal());
            assertThat(run.request()).isEqualTo(before.request());
        }
    }

    @Test
    void everyFinalStateIsReached() {
        EnumMap<RunState, Run> ends = new EnumMap<>(RunState.class);
        Run running = Event.BEGUN.on(fresh());
        for (Run end : List.of(
                Event.SKIPPED.on(fresh()),
                Event.SUCCEEDED.on(running),
                Event.FAILED.on(running),
                Event.STOPPED.on(Event.STOPPING.on(running)),
                Event.STOPPED.on(Event.TIMED_OUT.on(running)))) {
            ends.put(end.state(), end);
        }
        assertThat(ends.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.of(RunState.QUEUED, RunState.RUNNING)));
    }

    @Test
    void aRunThatWasDoneBeforeItCouldBeStoppedHasSucceeded() {
        Run done = Event.SUCCEEDED.on(Event.STOPPING.on(Event.BEGUN.on(fresh())));
        assertThat(done.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(done.progress().fraction()).isEqualTo(1);
    }
}
