package io.outrider.core.run;

import java.util.Locale;

/** Where a run stands. */
public enum RunState {
    /** Waits for a node, or for its next attempt. */
    QUEUED,
    /** A node works on it. */
    RUNNING,
    SUCCEEDED,
    /** All attempts have failed, or one in a way that another cannot mend. */
    FAILED,
    CANCELLED,
    /** Took longer than its kind may. */
    TIMED_OUT,
    /** Was due, but never began: another of its kind was running, or its time had passed. */
    SKIPPED;

    /** Whether nothing can happen to it any more. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }

    /** The name outside this program, such as {@code timed-out}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
