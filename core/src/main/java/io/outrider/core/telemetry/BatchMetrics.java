package io.outrider.core.telemetry;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the supervisor of batch runs tells of them, on the node where it is; empty on all others. Thread-safe. */
public final class BatchMetrics {

    private final Map<Ended, LongAdder> ended = new ConcurrentHashMap<>();
    private final Map<String, Buckets> seconds = new ConcurrentHashMap<>();
    private final Map<String, Standing> standing = new ConcurrentHashMap<>();

    /** What ended runs are counted by: their kind and outcome, as the outside knows them. */
    public record Ended(String kind, String outcome) {}

    /**
     * How a kind stands.
     *
     * @param running whether a node works on a run of it
     * @param successMs when one last succeeded, milliseconds since the epoch; where none is known to have, the time since
     *     which one could have
     */
    public record Standing(boolean running, long successMs) {}

    /** Counts a run that has ended since this process started. */
    public void ended(String kind, String outcome) {
        ended.computeIfAbsent(new Ended(kind, outcome), key -> new LongAdder()).increment();
    }

    /** Adds how long a run took from its first attempt's beginning to its end. */
    public void took(String kind, double took) {
        seconds.computeIfAbsent(kind, key -> new Buckets(1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 21_600))
                .add(took);
    }

    /** A kind stands so from now on. */
    public void standing(String kind, Standing now) {
        standing.put(kind, now);
    }

    /** The supervisor is here no more: how kinds stand is told elsewhere. */
    public void gone() {
        standing.clear();
    }

    /** Runs that have ended. */
    public Map<Ended, Long> ended() {
        Map<Ended, Long> counts = new HashMap<>();
        ended.forEach((key, count) -> counts.put(key, count.sum()));
        return counts;
    }

    /** Seconds that runs took, by kind. */
    public Map<String, Buckets> seconds() {
        return Collections.unmodifiableMap(seconds);
    }

    /** How kinds stand, while the supervisor is here. */
    public Map<String, Standing> standing() {
        return Collections.unmodifiableMap(standing);
    }
}
