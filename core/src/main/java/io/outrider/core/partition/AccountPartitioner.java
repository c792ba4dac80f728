package io.outrider.core.partition;

/**
 * Where an account's events lie. Implementations are stateless, thread-safe and agree byte for byte with a producer.
 */
public interface AccountPartitioner {

    /**
     * The partition of an account.
     *
     * @param account the account, not empty; hashed as UTF-8
     * @param partitions how many partitions the topic has, at least 1
     * @return a partition in {@code [0, partitions)}
     */
    int partition(String account, int partitions);

    /** Its name in settings: see {@link #named}. */
    String name();

    /**
     * The implementation with a name: {@code murmur2} (Kafka's Java client and what follows it), {@code crc32}
     * (librdkafka's {@code consistent}) or {@code event-hubs} (AMQP and HTTPS producers of Azure Event Hubs).
     *
     * @throws IllegalArgumentException if no implementation has this name
     */
    static AccountPartitioner named(String name) {
        return switch (name) {
            case "murmur2" -> new Murmur2Partitioner();
            case "crc32" -> new Crc32Partitioner();
            case "event-hubs" -> new EventHubsPartitioner();
            default ->
                throw new IllegalArgumentException(
                        "no partitioner is named \"" + name + "\": use murmur2, crc32 or event-hubs");
        };
    }
}
