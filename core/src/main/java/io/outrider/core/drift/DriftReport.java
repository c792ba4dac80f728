package io.outrider.core.drift;

import io.outrider.core.model.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last day's traffic looks like to the champion.
 *
 * @param fromMs when the window begins
 * @param untilMs when it ends: with the last whole hour, or now while there is none
 * @param events counted in it, a sample of all
 * @param overlays how each column was distributed and is now, in the order of the plan, the score last
 * @param fields the event's own fields in the window, by name
 * @param precision the champion's by labels; null while there are too few of them, or none can be read
 */
public record DriftReport(
        String modelVersion,
        long fromMs,
        long untilMs,
        long events,
        DriftDetector.Findings findings,
        List<Overlay> overlays,
        Map<String, DriftCounts.Field> fields,
        @Nullable PrecisionChange precision) {

    /** What {@link #causes} calls the precision. */
    public static final String PRECISION = "precision on labels";

    public DriftReport {
        overlays = List.copyOf(overlays);
        fields = Map.copyOf(fields);
    }

    /** A column's distribution before and now, in the same bins. */
    public record Overlay(Histogram before, Histogram now) {}

    /** All that was found, in words. */
    public List<String> sentences() {
        List<String> all = new ArrayList<>(findings.sentences());
        if (precision != null && precision.fallen()) {
            all.add(precision.sentence());
        }
        return all;
    }

    /**
     * What a new model might mend: features and score that are distributed otherwise, and precision. A field that has gone
     * silent is none of it, for somebody has to repair that.
     */
    public List<String> causes() {
        List<String> all = new ArrayList<>(findings.drifted());
        if (precision != null && precision.fallen()) {
            all.add(PRECISION);
        }
        return all;
    }
}
