package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.event.EventGroup;
import io.outrider.core.event.EventSchema;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker, and a source under test with the topics of the test alone. */
abstract class SourceFixture {

    static final EventReading READING = new EventReading(EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"));
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static TestBroker broker;
    static ActorTestKit testKit;
    private static int tests;

    KafkaSettings kafka;
    Topics topics;
    TopicInfo topic;
    KafkaIntake intake;
    final FakeOwner owner = new FakeOwner();

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws Exception {
        broker = TestBroker.start(directory);
        testKit = ActorTestKit.create(broker.config(Map.of()));
    }

    @AfterAll
    static void stopBroker() {
        testKit.shutdownTestKit();
        broker.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        tests++;
        kafka = settings(Map.of());
        topics = new Topics(kafka);
        topics.createMissing();
        topic = topics.describe("transactions-" + tests);
        intake = new KafkaIntake(kafka, topic, READING, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        intake.close();
        topics.close();
    }

    final TransactionSource start() {
        TransactionSource source = new TransactionSource(testKit.system(), kafka, topic, READING, owner);
        source.start();
        return source;
    }

    static KafkaSettings settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("outrider.kafka.topics.transactions", "transactions-" + tests);
        settings.put("outrider.kafka.group-id", "group-" + tests);
        settings.putIfAbsent("outrider.kafka.group-instance-id", "node");
        settings.put("outrider.kafka.consumer.commit-interval", "250 ms");
        return KafkaSettings.from(broker.config(settings));
    }

    static void drain(TransactionSource source) {
        assertThat(source.drain().toCompletableFuture()).succeedsWithin(PATIENCE);
    }

    /** Waits until the group has been told so many records. */
    final void awaitCommitted(long records) {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(committed(admin)).isEqualTo(records));
        }
    }

    private long committed(Admin admin) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(kafka.groupId())
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    final void submit(int from, int to) throws Exception {
        List<byte[]> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(event(i, "account-" + i % 97));
        }
        intake.submit(events).toCompletableFuture().get();
    }

    final List<Long> offsets(int partition) {
        List<Long> offsets = new ArrayList<>();
        for (EventGroup group : owner.groups()) {
            if (group.partition() == partition) {
                List<Long> ofGroup = new ArrayList<>();
                group.events().forEach(event -> ofGroup.add(event.offset()));
                group.deadLetters().forEach(letter -> ofGroup.add(letter.offset()));
                ofGroup.sort(null);
                offsets.addAll(ofGroup);
            }
        }
        return offsets;
    }

    static List<Long> upTo(long end) {
        List<Long> all = new ArrayList<>();
        for (long i = 0; i < end; i++) {
            all.add(i);
        }
        return all;
    }

    final Set<Integer> released() {
        Set<Integer> all = new HashSet<>();
        owner.releases.forEach(all::addAll);
        return all;
    }

    static byte[] event(int id, String account) {
        return bytes("{\"transaction_id\":\"" + id + "\",\"user_id\":\"" + account
                + "\",\"amount\":12.5,\"timestamp\":\"2026-01-01T00:00:00Z\"}");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
