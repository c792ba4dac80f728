package io.outrider.core.telemetry;

/**
 * Where one partition stands on the node that owns it. Written by its run and its consumer, read at any time; each figure
 * is right by itself, two of them may be a moment apart.
 */
public final class PartitionMetrics {

    private volatile long logEndOffset = -1;
    private volatile long nextOffset = -1;
    private volatile long inFlight;
    private volatile long checkpointAtMs;

    PartitionMetrics() {}

    /** Where the log ends, as the broker last said. */
    public void logEnds(long offset) {
        logEndOffset = offset;
    }

    /**
     * How far the run is.
     *
     * @param next first offset that it has not taken
     * @param unanswered events taken and not yet decided, alerts and dead letters not yet acknowledged
     */
    public void progress(long next, long unanswered) {
        nextOffset = next;
        inFlight = unanswered;
    }

    /** A checkpoint was made durable, or the run began at one. */
    public void checkpointed(long atMs) {
        checkpointAtMs = atMs;
    }

    /** Records of the log that are not taken yet; -1 while that is not known. */
    public long lag() {
        long end = logEndOffset;
        long next = nextOffset;
        return end < 0 || next < 0 ? -1 : Math.max(0, end - next);
    }

    /** Events taken and not yet decided, alerts and dead letters not yet acknowledged. */
    public long inFlight() {
        return inFlight;
    }

    /** When the last checkpoint became durable, milliseconds since the epoch; 0 before the first. */
    public long checkpointAtMs() {
        return checkpointAtMs;
    }
}
