package io.outrider.detection.topic;

import java.time.Duration;

/**
 * Says of failures that come again and again which are worth a line in the log: each that is another than the one before,
 * and of those that are the same, one a minute. For one thread.
 */
final class RepeatedReason {

    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private String last = "";
    private long saidNanos;
    private int unsaid;

    /**
     * How often a failure has come since it was last said, this time included; 0 if nothing is to be said now.
     *
     * @param nowNanos as {@link System#nanoTime} has it
     */
    int came(String reason, long nowNanos) {
        boolean same = reason.equals(last);
        unsaid = same ? unsaid + 1 : 1;
        if (same && nowNanos - saidNanos < PAUSE_NANOS) {
            return 0;
        }
        int times = unsaid;
        last = reason;
        saidNanos = nowNanos;
        unsaid = 0;
        return times;
    }
}
