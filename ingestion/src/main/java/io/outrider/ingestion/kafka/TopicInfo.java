package io.outrider.ingestion.kafka;

/**
 * A topic as the broker has it.
 *
 * @param generation which incarnation it is (Kafka's topic id); a recreated topic has another
 * @param partitions how many partitions it has
 */
public record TopicInfo(String name, String generation, int partitions) {}
