package io.outrider.core.event;

import org.jspecify.annotations.Nullable;

/**
 * A record that is no valid event, whole, with why: what goes to the {@code dead-letters} topic.
 *
 * @param topic the topic it was read from
 * @param key the record's key, or null
 * @param value the original bytes, unchanged; null where the record had none (a tombstone)
 */
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        long appendTimeMs,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Rejection rejection) {}
