package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.TransactionIntake.Outcome;
import io.outrider.ingestion.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionSourceTest {

    private static final EventReading READING =
            new EventReading(EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"));
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static TestBroker broker;
    private static ActorTestKit testKit;
    private static int tests;

    private KafkaSettings kafka;
    private Topics topics;
    private TopicInfo topic;
    private KafkaIntake intake;
    private final FakeOwner owner = new FakeOwner();

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

    @Test
    void everyRecordArrivesOnceInOrderAsEventOrDeadLetter() throws Exception {
        submit(0, 1_000);
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            for (int i = 0; i < 8; i++) {
                producer.send(new ProducerRecord<>(topic.name(), i % topic.partitions(), null, bytes("not json " + i)))
                        .get();
            }
        }
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 1_000 && owner.deadLetters() == 8);
        submit(1_000, 1_500);
        await().atMost(PATIENCE).until(() -> owner.events() == 1_500);
        drain(source);

        assertThat(owner.groups()).allSatisfy(TransactionSourceTest::isInOrder);
        for (int p = 0; p < topic.partitions(); p++) {
            assertThat(offsets(p)).isEqualTo(upTo(topics.endOffset(topic.name(), p)));
        }
        assertThat(owner.groups().size()).isLessThan(1_000);
    }

    @Test
    void anAccountOnTheWrongPartitionIsADeadLetterWithItsOriginalRecord() throws Exception {
        int right = READING.partitioner().partition("7", topic.partitions());
        int wrong = (right + 1) % topic.partitions();
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            producer.send(new ProducerRecord<>(topic.name(), wrong, bytes("7"), event(1, "7")))
                    .get();
        }
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.deadLetters() == 1);
        drain(source);

        DeadLetter letter = owner.groups().get(0).deadLetters().get(0);
        assertThat(letter.rejection().reason()).isEqualTo(RejectionReason.WRONG_PARTITION);
        assertThat(letter.partition()).isEqualTo(wrong);
        assertThat(letter.value()).isEqualTo(event(1, "7"));
        assertThat(letter.appendTimeMs()).isGreaterThan(0);
    }

    @Test
    void aLostRunIsClaimedAgainAndStreamsOnFromTheDurableOffset() throws Exception {
        submit(0, 500);
        owner.failAfter(3);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 500);
        submit(500, 600);
        await().atMost(PATIENCE).until(() -> owner.events() == 600);
        assertThat(source.failure()).isEmpty();
        drain(source);

        assertThat(owner.claims).hasSizeGreaterThan(topic.partitions());
        for (int p = 0; p < topic.partitions(); p++) {
            assertThat(offsets(p)).isEqualTo(upTo(topics.endOffset(topic.name(), p)));
        }
        assertThat(released()).isEqualTo(Set.of(0, 1, 2, 3));
    }

    @Test
    void aPartitionThatCannotBeClaimedIsClaimedAgainWhileTheOthersStream() throws Exception {
        submit(0, 400);
        owner.refused.add(1);
        owner.durable.put(1, 5L);
        TransactionSource source = start();
        for (int p : List.of(0, 2, 3)) {
            List<Long> all = upTo(topics.endOffset(topic.name(), p));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(offsets(p)).isEqualTo(all));
        }
        await().atMost(PATIENCE).until(() -> Collections.frequency(owner.claims, Set.of(1)) >= 3);
        assertThat(offsets(1)).isEmpty();
        assertThat(source.failure()).isEmpty();
        assertThat(owner.claims).as("claims of all").hasSize(3 + Collections.frequency(owner.claims, Set.of(1)));
        assertThat(owner.releases).isEmpty();

        owner.refused.clear();
        List<Long> behind = upTo(topics.endOffset(topic.name(), 1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(offsets(1)).isEqualTo(behind.subList(5, behind.size())));
        drain(source);
    }

    @Test
    void aNodeStopsWhileAPartitionCannotBeClaimed() throws Exception {
        submit(0, 100);
        owner.refused.add(1);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> Collections.frequency(owner.claims, Set.of(1)) >= 2);
        drain(source);
        assertThat(released()).contains(1);
    }

    @Test
    void aPartitionThatMovesUnderBacklogAndComesBackLeavesTheOthersAlone() throws Exception {
        owner.hold();
        submit(0, 400);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.groups().size() == topic.partitions());
        FakeOwner another = new FakeOwner(owner.durable);
        TransactionSource second = new TransactionSource(
                testKit.system(), settings(Map.of("outrider.kafka.group-instance-id", "")), topic, READING, another);
        second.start();
        await().atMost(PATIENCE).until(() -> !another.claims.isEmpty() && !owner.releases.isEmpty());
        owner.letGo();
        submit(400, 800);
        await().atMost(PATIENCE).until(() -> owner.events() + another.events() == 800);
        Set<Integer> moved = released();
        drain(second);
        submit(800, 1_200);
        await().atMost(PATIENCE).until(() -> owner.events() + another.events() == 1_200);
        drain(source);

        assertThat(moved).hasSize(topic.partitions() / 2);
        List<Set<Integer>> back = owner.claims.subList(topic.partitions(), owner.claims.size());
        assertThat(back).as("claimed again").hasSameSizeAs(moved).allMatch(moved::containsAll);
    }

    @Test
    void aStreamThatFailsTellsTheRootCause() throws Exception {
        kafka = settings(Map.of("outrider.kafka.consumer.restart-min", "1 s"));
        submit(0, 100);
        owner.failAfter(0);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> source.failure().isPresent());
        assertThat(source.failure()).hasValue("No space left on device");
        await().atMost(PATIENCE).until(() -> owner.events() == 100);
        assertThat(source.failure()).isEmpty();
        drain(source);
    }

    @Test
    void whatGathersWhileTheOwnerIsBusyComesAsOneBoundedGroup() throws Exception {
        owner.hold();
        submit(0, 200);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.groups().size() == topic.partitions());
        submit(200, 2_000);
        owner.letGo();
        await().atMost(PATIENCE).until(() -> owner.events() == 2_000);
        drain(source);

        assertThat(owner.groups().size()).isLessThan(200);
    }

    @Test
    void partitionsShareWhatANodeMayGather() throws Exception {
        kafka = settings(Map.of("outrider.kafka.consumer.max-gathered-events", 5 * topic.partitions()));
        submit(0, 2_000);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 2_000);
        drain(source);

        assertThat(owner.groups())
                .allSatisfy(group -> assertThat(group.events()).hasSizeLessThanOrEqualTo(5));
    }

    @Test
    void aStoppingNodeKeepsItsPartitionsUntilTheirOwnerIsDone() throws Exception {
        submit(0, 20);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 20);
        CompletableFuture<Done> checkpoints = new CompletableFuture<>();
        owner.finishing = checkpoints;

        CompletableFuture<Done> drained = source.drain().toCompletableFuture();

        await().atMost(PATIENCE).until(() -> owner.finished.size() == topic.partitions());
        assertThat(drained).isNotDone();
        checkpoints.complete(Done.getInstance());
        assertThat(drained).succeedsWithin(PATIENCE);
    }

    @Test
    void aNodeThatIsStoppedWhileItsPartitionsBeginLeaves() throws Exception {
        submit(0, 100);
        CompletableFuture<TransactionSource> started = new CompletableFuture<>();
        CompletableFuture<CompletionStage<Done>> draining = new CompletableFuture<>();
        owner.onSink = () -> {
            owner.onSink = () -> {};
            draining.complete(started.join().drain());
        };
        started.complete(start());
        CompletableFuture<Done> drained = draining.thenCompose(stage -> stage);
        assertThat(drained).succeedsWithin(PATIENCE);
        assertThat(owner.finished).isNotEmpty();
    }

    @Test
    void theGroupOffsetFollowsTheDurableOffset() throws Exception {
        submit(0, 300);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 300);
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(committed(admin)).isEqualTo(300));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.logEnds().values().stream()
                                .mapToLong(end -> end)
                                .sum())
                        .as("the partitions' ends")
                        .isEqualTo(300));
        drain(source);
    }

    @Test
    void invalidEventsAreReportedAndNotAppended() throws Exception {
        byte[] onlyAnId = bytes("{\"transaction_id\":\"7\"}");
        List<Outcome> outcomes = intake.submit(List.of(event(1, "a"), onlyAnId, bytes("nonsense"), event(2, "b")))
                .toCompletableFuture()
                .get();

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).rejection()).isNull();
        assertThat(outcomes.get(0).transactionId()).isEqualTo("1");
        assertThat(reason(outcomes.get(1))).isEqualTo(RejectionReason.MISSING_FIELD);
        assertThat(outcomes.get(1).transactionId()).isEqualTo("7");
        assertThat(reason(outcomes.get(2))).isEqualTo(RejectionReason.NOT_JSON);
        assertThat(outcomes.get(3).index()).isEqualTo(3);
        long total = 0;
        for (int p = 0; p < topic.partitions(); p++) {
            total += topics.endOffset(topic.name(), p);
        }
        assertThat(total).isEqualTo(2);
    }

    private static RejectionReason reason(Outcome outcome) {
        return Objects.requireNonNull(outcome.rejection()).reason();
    }

    private TransactionSource start() {
        TransactionSource source = new TransactionSource(testKit.system(), kafka, topic, READING, owner);
        source.start();
        return source;
    }

    private static KafkaSettings settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("outrider.kafka.topics.transactions", "transactions-" + tests);
        settings.put("outrider.kafka.group-id", "group-" + tests);
        settings.putIfAbsent("outrider.kafka.group-instance-id", "node");
        settings.put("outrider.kafka.consumer.commit-interval", "250 ms");
        return KafkaSettings.from(broker.config(settings));
    }

    private static void drain(TransactionSource source) {
        assertThat(source.drain().toCompletableFuture()).succeedsWithin(PATIENCE);
    }

    private void submit(int from, int to) throws Exception {
        List<byte[]> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(event(i, "account-" + i % 97));
        }
        intake.submit(events).toCompletableFuture().get();
    }

    private long committed(Admin admin) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(kafka.groupId())
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    private List<Long> offsets(int partition) {
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

    private static List<Long> upTo(long end) {
        List<Long> all = new ArrayList<>();
        for (long i = 0; i < end; i++) {
            all.add(i);
        }
        return all;
    }

    private Set<Integer> released() {
        Set<Integer> all = new HashSet<>();
        owner.releases.forEach(all::addAll);
        return all;
    }

    private static void isInOrder(EventGroup group) {
        assertThat(group.events()).extracting(LoggedEvent::offset).isSorted();
        assertThat(group.nextOffset()).isPositive();
    }

    private static byte[] event(int id, String account) {
        return bytes("{\"transaction_id\":\"" + id + "\",\"user_id\":\"" + account
                + "\",\"amount\":12.5,\"timestamp\":\"2026-01-01T00:00:00Z\"}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
