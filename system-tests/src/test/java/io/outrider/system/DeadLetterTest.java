package io.outrider.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad events stop nothing and are kept, whole, with their reason. */
class DeadLetterTest {

    private static final int BAD = 10_000;
    private static final int GOOD = 10_000;
    private static final int ACCOUNTS = 97;

    /** Where a record stands in the transactions topic. */
    private record Place(int partition, long offset) {}

    /** A bad record as it was sent. */
    private record Sent(String reason, String payload) {}

    /** A payload that is bad in one way; {@code %d} makes each one different. */
    private record Bad(String reason, String payload) {}

    private static final List<Bad> KINDS = List.of(
            new Bad("not-json", "{\"transaction_id\": %d, \"user_id\""),
            new Bad("not-json", "\u0000\u0001 %d"),
            new Bad("not-json", ""),
            new Bad("missing-field", event("\"transaction_id\": %d, \"amount\": 1", now())),
            new Bad("wrong-type", event("\"transaction_id\": %d, \"user_id\": \"u\", \"amount\": {}", now())),
            new Bad("negative-amount", event("\"transaction_id\": %d, \"user_id\": \"u\", \"amount\": -0.01", now())),
            new Bad("non-finite-amount", event("\"transaction_id\": %d, \"user_id\": \"u\", \"amount\": 1e999", now())),
            new Bad(
                    "unparseable-timestamp",
                    event("\"transaction_id\": %d, \"user_id\": \"u\", \"amount\": 1", "noon")),
            new Bad(
                    "far-future",
                    event("\"transaction_id\": %d, \"user_id\": \"u\", \"amount\": 1", "2999-01-01T00:00:00Z")),
            new Bad(
                    "oversized",
                    event(
                            "\"transaction_id\": %d, \"user_id\": \"u\", \"pad\": \"" + "x".repeat(70_000) + "\"",
                            now())),
            new Bad("empty-account", event("\"transaction_id\": %d, \"user_id\": \"\", \"amount\": 1", now())));

    @TempDir
    private Path folder;

    @Test
    void tenThousandBadEventsLieInDeadLettersAndEveryGoodOneIsProcessed() throws Exception {
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator").start()) {
            Map<Place, Sent> sent = produce(outrider.bootstrapServers());

            await().atMost(Duration.ofMinutes(2)).until(() -> outrider.events() == GOOD);
            Map<Place, Sent> found = new HashMap<>();
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                deadLetters(outrider.bootstrapServers())
                        .forEach(letter -> found.put(place(letter), new Sent(header(letter, "reason"), text(letter))));
                return found.size() >= sent.size();
            });
            assertThat(found).isEqualTo(sent);
            for (JsonNode account : outrider.accounts()) {
                String id = account.get("account").asText();
                assertThat(account.get("events").asLong()).as(id).isEqualTo(goodEventsOf(id));
            }
        }
    }

    private static long goodEventsOf(String account) {
        if (account.equals("stray")) {
            return 1;
        }
        int number = Integer.parseInt(account.substring("account-".length()));
        return (GOOD - 1L - number + ACCOUNTS - 1) / ACCOUNTS;
    }

    private static Place place(ConsumerRecord<String, byte[]> letter) {
        return new Place(
                Integer.parseInt(header(letter, "source-partition")), Long.parseLong(header(letter, "source-offset")));
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return new String(
                Objects.requireNonNull(letter.headers().lastHeader("outrider-" + name))
                        .value(),
                UTF_8);
    }

    private static String text(ConsumerRecord<String, byte[]> letter) {
        return new String(letter.value(), UTF_8);
    }

    private static Map<Place, Sent> produce(String bootstrap) throws Exception {
        Map<Place, Sent> sent = new HashMap<>();
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();
        List<Sent> bad = new ArrayList<>();
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2_000_000);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            int partitions = producer.partitionsFor("transactions").size();
            for (int i = 0; i < BAD; i++) {
                Bad kind = kind(i);
                String payload = kind.payload().replace("%d", Integer.toString(i));
                bad.add(new Sent(kind.reason(), payload));
                acknowledgements.add(producer.send(
                        new ProducerRecord<>("transactions", i % partitions, "u", payload.getBytes(UTF_8))));
                if (i < GOOD - 1) {
                    var unused = producer.send(good("account-" + i % ACCOUNTS, i));
                }
            }
            for (int i = 0; i < BAD; i++) {
                sent.put(place(acknowledgements.get(i).get()), bad.get(i));
            }
            // The last good event, once on each partition: on all but its account's it lies wrong.
            String stray = event("\"transaction_id\": 1, \"user_id\": \"stray\", \"amount\": 1", now());
            int home = producer.send(new ProducerRecord<>("transactions", "stray", stray.getBytes(UTF_8)))
                    .get()
                    .partition();
            for (int partition = 0; partition < partitions; partition++) {
                if (partition != home) {
                    ProducerRecord<String, byte[]> record =
                            new ProducerRecord<>("transactions", partition, "stray", stray.getBytes(UTF_8));
                    sent.put(place(producer.send(record).get()), new Sent("wrong-partition", stray));
                }
            }
        }
        return sent;
    }

    /** Large ones are few, or they would be all that the broker is busy with. */
    private static Bad kind(int i) {
        Bad kind = KINDS.get(i % KINDS.size());
        return kind.payload().length() > 1_000 && i > 500 ? KINDS.get(0) : kind;
    }

    private static Place place(RecordMetadata metadata) {
        return new Place(metadata.partition(), metadata.offset());
    }

    private static ProducerRecord<String, byte[]> good(String account, int i) {
        String payload =
                event("\"transaction_id\": " + i + ", \"user_id\": \"" + account + "\", \"amount\": 12.5", now());
        return new ProducerRecord<>("transactions", account, payload.getBytes(UTF_8));
    }

    private static List<ConsumerRecord<String, byte[]>> deadLetters(String bootstrap) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        List<ConsumerRecord<String, byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("dead-letters").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(letters::add);
            }
        }
        return letters;
    }

    private static String event(String fields, String timestamp) {
        return "{" + fields + ", \"timestamp\": \"" + timestamp + "\"}";
    }

    private static String now() {
        return Instant.now().toString();
    }
}
