package io.outrider.core.run;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param summary one sentence: what it has made, or why it has not
 * @param results what others may want to go on with, by name
 */
public record RunEnd(Instant at, Outcome outcome, String summary, Map<String, String> results) {

    /** What became of it. */
    public enum Outcome {
        DONE,
        /** There was nothing to do. */
        NOTHING_NEW,
        FAILED,
        /** The node that worked on it has gone, or the supervisor has lost sight of it. */
        LOST,
        CANCELLED,
        TIMED_OUT,
        SKIPPED;

        /** The name outside this program, such as {@code nothing-new}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public RunEnd {
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }
}
