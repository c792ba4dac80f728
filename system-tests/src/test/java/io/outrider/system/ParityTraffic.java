package io.outrider.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Transactions of now, among them late, repeated and bad ones; labels of some; and what was scored. For one thread. */
final class ParityTraffic implements AutoCloseable {

    private static final int ACCOUNTS = 60;

    private final String bootstrap;
    private final SplittableRandom random = new SplittableRandom(5);
    private final KafkaProducer<String, byte[]> producer;
    private final ObjectMapper json = new ObjectMapper();
    private final List<String[]> events = new ArrayList<>();
    private final Map<String, Set<JsonNode>> scored = new TreeMap<>();
    private @Nullable KafkaConsumer<String, byte[]> scores;
    private long sent;
    private long highestRisk;

    ParityTraffic(String bootstrap) {
        this.bootstrap = bootstrap;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        600_000),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Sends so many records. */
    void send(int count) {
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(50);
            String[] event = kind == 0 && !events.isEmpty() ? events.get(random.nextInt(events.size())) : event(kind);
            String body = kind == 1
                    ? "no json"
                    : String.format(
                            "{\"transaction_id\":\"%s\",\"user_id\":\"%s\",\"amount\":%s,\"timestamp\":\"%s\",\"merchant_id\":\"%s\"}",
                            (Object[]) event);
            var unused = producer.send(new ProducerRecord<>("transactions", event[1], body.getBytes(UTF_8)));
            sent++;
        }
        producer.flush();
    }

    /** One in fifty is 40 days late, as many a few hours, and one in twenty-five around the end of the window of an hour. */
    private String[] event(int kind) {
        Duration late = switch (kind) {
            case 2 -> Duration.ofDays(40);
            case 3 -> Duration.ofMinutes(random.nextInt(600));
            case 4, 6 -> Duration.ofMinutes(55 + random.nextInt(30));
            default -> Duration.ZERO;
        };
        String[] event = {
            "t-" + sent,
            "account-" + random.nextInt(ACCOUNTS),
            String.format(Locale.ROOT, "%.2f", 10 + 90 * random.nextDouble() * (kind == 5 ? 20 : 1)),
            Instant.now().minus(late).toString(),
            "merchant-" + random.nextInt(12)
        };
        if (kind != 1) {
            events.add(event);
        }
        return event;
    }

    /** Labels so many of the first transactions. */
    void label(int count, boolean fraud, int version) {
        for (String[] event : events.subList(0, count)) {
            String body = String.format(
                    "{\"transaction_id\":\"%s\",\"account\":\"%s\",\"merchant_id\":\"%s\",\"event_time\":\"%s\","
                            + "\"verdict\":\"%s\",\"by\":\"a test\",\"version\":%d}",
                    event[0], event[1], event[4], event[3], fraud ? "fraud" : "genuine", version);
            var unused = producer.send(new ProducerRecord<>("labels", event[1], body.getBytes(UTF_8)));
        }
        producer.flush();
    }

    long sent() {
        return sent;
    }

    /** The newest risk table that anything was scored under so far. */
    long highestRisk() throws IOException {
        scored();
        return highestRisk;
    }

    /** Receipts of all that was scored so far, by partition and offset of the transaction. */
    Map<String, Set<JsonNode>> scored() throws IOException {
        KafkaConsumer<String, byte[]> consumer = scores == null ? fromStart() : scores;
        scores = consumer;
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                JsonNode receipt = json.readTree(record.value()).required("receipt");
                JsonNode position = receipt.required("position");
                String place = position.get("partition").asText() + "/"
                        + position.get("offset").asText();
                scored.computeIfAbsent(place, any -> new HashSet<>()).add(receipt);
                highestRisk = Math.max(
                        highestRisk,
                        receipt.required("context").get("riskVersion").longValue());
            }
        }
        return scored;
    }

    private KafkaConsumer<String, byte[]> fromStart() {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor("scored-transactions").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        if (scores != null) {
            scores.close();
        }
    }
}
