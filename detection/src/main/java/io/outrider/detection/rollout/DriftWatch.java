package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftReport;
import io.outrider.core.port.Runs;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunRequest;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people when the traffic has drifted, in the log once and in a counter for as long as it lasts, and asks for a new model once
 * that is confirmed. The supervisor sees to it that runs do not follow too soon on one another. Belongs to one thread.
 */
final class DriftWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    private final Report desk;
    private final DriftSettings settings;
    private final Retraining retraining;
    private final LiveMetrics metrics;
    private final Map<String, Integer> looks = new HashMap<>();
    private List<String> told = List.of();

    /** What is looked at: {@link DriftDesk#report}; null while there is nothing to compare with. */
    interface Report {
        @Nullable
        DriftReport now() throws IOException;
    }

    DriftWatch(Report desk, DriftSettings settings, Retraining retraining, LiveMetrics metrics) {
        this.desk = desk;
        this.settings = settings;
        this.retraining = retraining;
        this.metrics = metrics;
    }

    /** Looks once; without anything to compare with there is nothing to see. IOException if the lake is away. */
    void look() throws IOException {
        DriftReport report = desk.now();
        if (report == null) {
            return;
        }
        List<String> found = report.sentences();
        if (!found.isEmpty()) {
            metrics.drifts.increment();
            if (told.isEmpty()) {
                LOG.warn(
                        "The traffic is not what it was, against {}: {}",
                        report.findings().baseline(),
                        found);
            }
        }
        told = found;
        List<String> causes = report.causes();
        looks.keySet().retainAll(causes);
        causes.forEach(cause -> looks.merge(cause, 1, Integer::sum));
        List<String> confirmed = causes.stream()
                .filter(cause -> looks.getOrDefault(cause, 0) >= settings.confirmLooks())
                .toList();
        if (settings.retrain() && !confirmed.isEmpty()) {
            ask("drift under model " + report.modelVersion() + ": " + String.join(", ", confirmed));
        }
    }

    private void ask(String reason) {
        var unused = retraining
                .runs()
                .start(retraining.kind(), new RunRequest(RunCause.DRIFT, reason, Map.of(), null))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        LOG.warn("No training run could be asked for ({}); the next look asks again", reason, failure);
                    } else if (answer instanceof Runs.Answer.Accepted accepted) {
                        metrics.driftRuns.increment();
                        LOG.info("Run {} was asked for: {}", accepted.run().id(), reason);
                    } else if (!(answer instanceof Runs.Answer.TooSoon) && !(answer instanceof Runs.Answer.Busy)) {
                        LOG.warn("A training run was refused: {} ({})", answer, reason);
                    }
                });
    }
}
