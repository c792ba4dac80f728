package io.outrider.core.drift;

/**
 * What the last day's traffic looks like to the champion.
 *
 * @param fromMs when the window begins
 * @param untilMs when it ends
 * @param events counted in it, a sample of all
 */
public record DriftReport(
        String modelVersion, long fromMs, long untilMs, long events, DriftDetector.Findings findings) {}
