package io.outrider.training.supervisor;

import io.outrider.core.run.Run;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunState;
import io.outrider.core.telemetry.BatchMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tells a node's metrics of the runs that its supervisor decides on. For one thread. */
final class RunTally {

    private final BatchMetrics metrics;
    private final Instant begun;

    /** @param begun since when a run could have succeeded, where none has ever been asked for */
    RunTally(BatchMetrics metrics, Instant begun) {
        this.metrics = metrics;
        this.begun = begun;
    }

    /** A run has ended. */
    void ended(Run run) {
        RunEnd end = run.end();
        if (end == null) {
            return;
        }
        metrics.ended(run.kind(), end.outcome().wireName());
        Instant first = run.attempts().firstAt();
        if (first != null) {
            metrics.took(run.kind(), Duration.between(first, end.at()).toMillis() / 1_000.0);
        }
    }

    /** The runs of a kind are these now. */
    void standing(String kind, KindSupervision supervision) {
        Run active = supervision.active();
        metrics.standing(
                kind,
                new BatchMetrics.Standing(
                        active != null && active.state() == RunState.RUNNING,
                        success(supervision.before(Long.MAX_VALUE, Integer.MAX_VALUE))
                                .toEpochMilli()));
    }

    /** @param runs newest first */
    private Instant success(List<Run> runs) {
        for (Run run : runs) {
            RunEnd end = run.end();
            if (run.state() == RunState.SUCCEEDED && end != null) {
                return end.at();
            }
        }
        return runs.isEmpty() ? begun : runs.get(runs.size() - 1).requestedAt();
    }

    /** The supervisor leaves this node. */
    void gone() {
        metrics.gone();
    }
}
