package io.outrider.core.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's attempts.
 *
 * @param begun how many have begun
 * @param firstAt when the first one did; null before
 * @param nextAt not before this will the next one begin; null if nothing keeps it from beginning
 * @param setbacks why those before did not do, one sentence each
 */
public record RunAttempts(
        int begun, @Nullable Instant firstAt, @Nullable Instant nextAt, List<String> setbacks) {

    /** None yet. */
    public static final RunAttempts NONE = new RunAttempts(0, null, null, List.of());

    public RunAttempts {
        setbacks = List.copyOf(setbacks);
    }
}
