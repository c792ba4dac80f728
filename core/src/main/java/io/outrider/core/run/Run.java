package io.outrider.core.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a batch job, as it stands at one moment.
 *
 * @param kind what it does: {@code etl}, {@code training}, …
 * @param number from 1, ascending within the kind
 * @param scheduledFor when the schedule wanted it; null if it was not the schedule's
 * @param place where it runs, or where its last attempt did; null before the first
 * @param stop that it is being stopped; null if it is not
 * @param progress of the attempt that runs, or of the last one
 * @param end how it ended; null while it has not
 * @param revision from 1, one more with each change that is in the lake; progress alone changes nothing there
 */
public record Run(
        String kind,
        long number,
        RunRequest request,
        Instant requestedAt,
        @Nullable Instant scheduledFor,
        RunState state,
        RunAttempts attempts,
        @Nullable RunPlace place,
        @Nullable RunStop stop,
        RunProgress progress,
        @Nullable RunEnd end,
        long revision) {

    public Run {
        if (state.isFinal() != (end != null)) {
            throw new IllegalArgumentException("a run has an end exactly if it is over: " + kind + "-" + number);
        }
        if (attempts.begun() > 0 != (place != null) || (state == RunState.RUNNING && place == null)) {
            throw new IllegalArgumentException("a run has a place exactly if it has begun: " + kind + "-" + number);
        }
        if (stop != null && state != RunState.RUNNING) {
            throw new IllegalArgumentException("only what runs is stopped: " + kind + "-" + number);
        }
    }

    /** Its name outside this program, such as {@code etl-12}. */
    public String id() {
        return kind + "-" + number;
    }
}
