package io.outrider.core.run;

import java.util.Locale;

/** What a run was started by. */
public enum RunCause {
    /** Somebody asked for it. */
    MANUAL,
    SCHEDULE,
    /** The stream has moved away from what the model was fitted on. */
    DRIFT;

    /** The name outside this program. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
