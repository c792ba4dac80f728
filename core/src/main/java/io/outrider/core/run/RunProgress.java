package io.outrider.core.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a run is.
 *
 * @param fraction from 0 to 1
 * @param message what it is doing
 * @param counters what it has counted, by name, in the order in which they are to be shown
 */
public record RunProgress(double fraction, String message, Map<String, Long> counters) {

    /** Nothing done yet. */
    public static final RunProgress NONE = new RunProgress(0, "", Map.of());

    public RunProgress {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("progress is a fraction from 0 to 1: " + fraction);
        }
        counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
    }
}
