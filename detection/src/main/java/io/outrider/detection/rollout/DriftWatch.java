package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftReport;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people when the traffic has drifted: in the log once, and in a counter for as long as it lasts. Belongs to one thread. */
final class DriftWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    private final DriftDesk desk;
    private final LiveMetrics metrics;
    private List<String> told = List.of();

    DriftWatch(DriftDesk desk, LiveMetrics metrics) {
        this.desk = desk;
        this.metrics = metrics;
    }

    /** Looks once; without anything to compare with there is nothing to see. IOException if the lake is away. */
    void look() throws IOException {
        if (!desk.hasReference()) {
            return;
        }
        DriftReport report = desk.report();
        List<String> found = report.findings().sentences();
        if (found.isEmpty()) {
            told = List.of();
            return;
        }
        metrics.drifts.increment();
        if (told.isEmpty()) {
            LOG.warn(
                    "The traffic is not what it was, against {}: {}",
                    report.findings().baseline(),
                    found);
            told = found;
        }
    }
}
