package io.outrider.core.event;

/** Kafka header names of a record on the {@code dead-letters} topic; values are UTF-8 text, numbers in decimal. */
public final class DeadLetterHeaders {

    /** {@link RejectionReason#wireName}. */
    public static final String REASON = "outrider-reason";

    /** {@link Rejection#detail}. */
    public static final String DETAIL = "outrider-detail";

    public static final String SOURCE_TOPIC = "outrider-source-topic";

    /**
     * Incarnation of the source topic (its Kafka topic id): with partition and offset it names the source record for
     * good, also after the topic was deleted and made again.
     */
    public static final String SOURCE_GENERATION = "outrider-source-generation";

    public static final String SOURCE_PARTITION = "outrider-source-partition";
    public static final String SOURCE_OFFSET = "outrider-source-offset";

    /** Append time of the source record, milliseconds since the epoch. */
    public static final String SOURCE_APPEND_TIME = "outrider-source-append-time-ms";

    /** Only on a letter whose value was cut because the broker refused the whole: the value's original size in bytes. */
    public static final String TRUNCATED_FROM = "outrider-truncated-from";

    /** Only on a letter whose key was cut because the broker refused the whole: the key's original size in bytes. */
    public static final String KEY_TRUNCATED_FROM = "outrider-key-truncated-from";

    private DeadLetterHeaders() {}
}
