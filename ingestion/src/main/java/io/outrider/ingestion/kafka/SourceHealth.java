package io.outrider.ingestion.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Whether the live path's stream is there, and what ails it. Thread-safe. */
final class SourceHealth {

    private volatile @Nullable String failure;

    /** Why the streams of partitions failed that have not begun again since. */
    private final Map<Integer, String> failed = new ConcurrentSkipListMap<>();

    private volatile boolean member;

    /** The group has told this node its partitions, be they none: the stream is back. */
    void joined() {
        member = true;
        failure = null;
    }

    void left() {
        member = false;
    }

    boolean isMember() {
        return member;
    }

    /** The stream has failed. */
    void fails(String reason) {
        failure = reason;
    }

    /** That of a partition has. */
    void fails(int partition, String reason) {
        failed.put(partition, reason);
    }

    void streams(int partition) {
        failed.remove(partition);
    }

    void released(Collection<Integer> partitions) {
        failed.keySet().removeAll(partitions);
    }

    /** Why the stream, or that of a partition, last failed, while it has not come back since. */
    Optional<String> failure() {
        String whole = failure;
        return whole != null
                ? Optional.of(whole)
                : failed.entrySet().stream()
                        .map(one -> "partition " + one.getKey() + ": " + one.getValue())
                        .findFirst();
    }
}
