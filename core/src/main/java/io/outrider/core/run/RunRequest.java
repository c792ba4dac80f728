package io.outrider.core.run;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the supervisor.
 *
 * @param reason in words, for whoever reads the history; may be empty
 * @param parameters what the job is told; each kind of job says which it takes
 * @param key whoever asks twice under one key gets the same run; null: every request is a new one
 */
public record RunRequest(
        RunCause cause,
        String reason,
        Map<String, String> parameters,
        @Nullable String key) {

    public RunRequest {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    /** Asked for by hand. */
    public static RunRequest manual(Map<String, String> parameters, @Nullable String key) {
        return new RunRequest(RunCause.MANUAL, "", parameters, key);
    }
}
