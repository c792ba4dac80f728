package io.outrider.ingestion.kafka;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How this process talks to Kafka ({@code outrider.kafka}). Immutable.
 *
 * @param eventHubs the namespace, where it is Event Hubs
 * @param groupInstanceId this node's static member name, or empty for a dynamic member
 * @param answerLimit silence of the broker after which a node says that it is away
 * @param properties further client properties, applied to every client last
 */
public record KafkaSettings(
        String bootstrapServers,
        Optional<EventHubsSettings> eventHubs,
        String clientId,
        String groupId,
        Optional<String> groupInstanceId,
        Map<String, String> properties,
        TopicSettings topics,
        ConsumerTuning consumer,
        Duration answerLimit,
        Duration deliveryTimeout,
        Duration bulkLinger) {

    /** Settings under which no environment variable selects Event Hubs: for a broker that was named otherwise. */
    public static final Map<String, String> NO_EVENT_HUBS = Map.of(
            "outrider.kafka.event-hubs.fully-qualified-namespace", "",
            "outrider.kafka.event-hubs.connection-string", "",
            "outrider.kafka.event-hubs.name", "");

    private static final int BULK_BATCH_BYTES = 256 * 1024;
    private static final int BULK_BUFFER_BYTES = 64 * 1024 * 1024;
    private static final int MAX_REQUEST_BYTES = 2 * 1024 * 1024;

    public KafkaSettings {
        properties = Map.copyOf(properties);
        Setting.require(
                bootstrapServers.contains(":"),
                "outrider.kafka.bootstrap-servers",
                "must be HOST:PORT[,HOST:PORT…]: " + bootstrapServers);
        Setting.require(!clientId.isBlank(), "outrider.kafka.client-id", "must not be empty");
        Setting.require(!groupId.isBlank(), "outrider.kafka.group-id", "must not be empty");
        Setting.require(
                answerLimit.toMillis() >= 1_000, "outrider.kafka.answer-limit", "must be at least 1 s: " + answerLimit);
        Setting.require(
                deliveryTimeout.toMillis() >= 1_000,
                "outrider.kafka.producer.delivery-timeout",
                "must be at least 1 s: " + deliveryTimeout);
        Setting.require(
                !bulkLinger.isNegative(), "outrider.kafka.producer.bulk-linger", "must not be negative: " + bulkLinger);
    }

    /** Reads {@code outrider.kafka} of the whole configuration. */
    public static KafkaSettings from(Config root) {
        Config kafka = root.getConfig("outrider.kafka");
        Map<String, String> properties = new LinkedHashMap<>();
        kafka.getConfig("properties")
                .entrySet()
                .forEach(entry -> properties.put(
                        entry.getKey().replace("\"", ""),
                        String.valueOf(entry.getValue().unwrapped())));
        Optional<EventHubsSettings> eventHubs = EventHubsSettings.from(kafka);
        TopicSettings topics = TopicSettings.from(kafka.getConfig("topics"));
        return new KafkaSettings(
                eventHubs
                        .map(EventHubsSettings::bootstrapServers)
                        .orElseGet(() -> kafka.getString("bootstrap-servers")),
                eventHubs,
                kafka.getString("client-id"),
                kafka.getString("group-id"),
                Optional.of(kafka.getString("group-instance-id")).filter(id -> !id.isBlank()),
                properties,
                eventHubs
                        .flatMap(EventHubsSettings::hub)
                        .map(topics::withTransactions)
                        .orElse(topics),
                ConsumerTuning.from(kafka.getConfig("consumer")),
                kafka.getDuration("answer-limit"),
                kafka.getDuration("producer.delivery-timeout"),
                kafka.getDuration("producer.bulk-linger"));
    }

    /** The same settings for another broker, such as one named on the command line, that is no Event Hubs. */
    public KafkaSettings withBootstrapServers(String servers) {
        return new KafkaSettings(
                servers,
                Optional.empty(),
                clientId,
                groupId,
                groupInstanceId,
                properties,
                topics,
                consumer,
                answerLimit,
                deliveryTimeout,
                bulkLinger);
    }

    /** Properties common to every client; what an admin client needs. */
    public Map<String, Object> adminProperties() {
        Map<String, Object> client = new LinkedHashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        client.put("enable.metrics.push", "false");
        eventHubs.ifPresent(hubs -> client.putAll(hubs.clientProperties()));
        client.putAll(properties);
        return client;
    }

    /** A producer of bytes that sends at once, and gives up after the delivery timeout. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> producer = adminProperties();
        int timeoutMs = Math.toIntExact(deliveryTimeout.toMillis());
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        producer.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs / 2);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs / 2);
        producer.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                eventHubs.isPresent() ? EventHubsSettings.MAX_REQUEST_BYTES : MAX_REQUEST_BYTES);
        producer.putAll(properties);
        return producer;
    }

    /**
     * A producer of bytes for throughput, that never gives up: a broker that comes back finds everything in order. Its
     * calls block until then, or until the thread is interrupted or the producer closed.
     */
    public Map<String, Object> bulkProducerProperties() {
        Map<String, Object> producer = producerProperties();
        producer.put(ProducerConfig.LINGER_MS_CONFIG, Math.toIntExact(bulkLinger.toMillis()));
        producer.put(ProducerConfig.BATCH_SIZE_CONFIG, BULK_BATCH_BYTES);
        producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BULK_BUFFER_BYTES);
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        producer.putAll(properties);
        return producer;
    }

    /** A consumer of bytes that commits nothing by itself and refuses to guess an offset. */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> consuming = adminProperties();
        consuming.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        consuming.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consuming.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, consumer.maxPollRecords());
        consuming.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        consuming.putAll(properties);
        return consuming;
    }

    /** Without the values of further properties, among which are secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", group " + groupId + ", properties " + properties.keySet() + "]";
    }
}
