package io.outrider.core.drift;

import io.outrider.core.model.Histogram;
import java.util.List;

/**
 * What the last day's traffic looks like to the champion.
 *
 * @param fromMs when the window begins
 * @param untilMs when it ends
 * @param events counted in it, a sample of all
 * @param overlays how each column was distributed and is now, in the order of the plan, the score last
 */
public record DriftReport(
        String modelVersion,
        long fromMs,
        long untilMs,
        long events,
        DriftDetector.Findings findings,
        List<Overlay> overlays) {

    public DriftReport {
        overlays = List.copyOf(overlays);
    }

    /** A column's distribution before and now, in the same bins. */
    public record Overlay(Histogram before, Histogram now) {}
}
