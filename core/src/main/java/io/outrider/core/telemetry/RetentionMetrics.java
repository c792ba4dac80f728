package io.outrider.core.telemetry;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What this node has deleted from the lake because it was older than it is kept. Thread-safe. */
public final class RetentionMetrics {

    private final Map<String, LongAdder> files = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> bytes = new ConcurrentHashMap<>();

    /** Counts a file, by what it was of. */
    public void deleted(String what, long sizeBytes) {
        files.computeIfAbsent(what, key -> new LongAdder()).increment();
        bytes.computeIfAbsent(what, key -> new LongAdder()).add(sizeBytes);
    }

    /** Files deleted. */
    public Map<String, Long> files() {
        return sums(files);
    }

    /** Their bytes. */
    public Map<String, Long> bytes() {
        return sums(bytes);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> adders) {
        Map<String, Long> sums = new HashMap<>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
