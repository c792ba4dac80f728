package io.outrider.core.telemetry;

import io.outrider.core.event.RejectionReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where one partition stands on the node that owns it. Written by its run and its consumer, read at any time; each figure
 * is right by itself, two of them may be a moment apart.
 */
public final class PartitionMetrics {

    private volatile long logEndOffset = -1;
    private volatile long nextOffset = -1;
    private volatile long inFlight;
    private volatile long checkpointAtMs;
    private final LongAdder events = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final Map<RejectionReason, LongAdder> deadLetters = new ConcurrentHashMap<>();

    PartitionMetrics() {}

    /** Events were folded into their accounts, some of them later than every window. */
    public void folded(long count, long lateOnes) {
        events.add(count);
        late.add(lateOnes);
    }

    /** Records came again that the run had seen. */
    public void skipped(long records) {
        skipped.add(records);
    }

    /** A record is no valid event. */
    public void deadLetter(RejectionReason reason) {
        deadLetters.computeIfAbsent(reason, any -> new LongAdder()).increment();
    }

    /** Events folded since this node took the partition; those replayed after a crash once more. */
    public long events() {
        return events.sum();
    }

    /** Those of them that were later than every window of their account. */
    public long late() {
        return late.sum();
    }

    /** Records that came again. */
    public long skipped() {
        return skipped.sum();
    }

    /** Records that are no valid event, by reason; reasons that were not met are left out. */
    public Map<RejectionReason, Long> deadLetters() {
        Map<RejectionReason, Long> counts = new TreeMap<>();
        deadLetters.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

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

    /** First offset that the run has not taken; -1 while that is not known. */
    public long nextOffset() {
        return nextOffset;
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
