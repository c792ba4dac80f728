package io.outrider.lake.capture;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of an event hub's partition, as Capture keeps it. Arrays and maps are not copied: don't change them.
 *
 * @param sequenceNumber its number within the partition, from 0; a Kafka offset is that number
 * @param offset the service's own offset, opaque
 * @param enqueuedTimeMs log append time, milliseconds since the epoch, UTC; whole seconds where the file says no more
 * @param systemProperties what the service and the protocol add: values are Long, Double, String, byte[] or null
 * @param properties the producer's own (Kafka headers): the same kinds of values
 * @param body the record's bytes; null where it had none (a tombstone)
 */
public record CapturedEvent(
        long sequenceNumber,
        String offset,
        long enqueuedTimeMs,
        Map<String, @Nullable Object> systemProperties,
        Map<String, @Nullable Object> properties,
        byte @Nullable [] body) {

    /** System property that holds the key of a record that came by Kafka. */
    public static final String KAFKA_KEY = "x-opt-kafka-key";

    /** The record's Kafka key, or null if it has none. */
    public byte @Nullable [] kafkaKey() {
        return systemProperties.get(KAFKA_KEY) instanceof byte[] key ? key : null;
    }
}
