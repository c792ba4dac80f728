package io.outrider.ingestion.rekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.CutLetter;
import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.TestBroker;
import io.outrider.ingestion.TopicReader;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReKeyerTest {

    private static final EventReading READING =
            new EventReading(EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"));
    private static final ReKeySettings SETTINGS =
            new ReKeySettings("rekey", Duration.ofMillis(250), Duration.ofMillis(50));
    private static final int RECORDS = 3_000;

    private static TestBroker broker;
    private static int tests;

    private KafkaSettings kafka;
    private ReKeySettings settings;
    private KafkaConsumer<byte[], byte[]> ends;
    private List<TopicPartition> outputPartitions;
    private final ReKeyer.Counters counters = new ReKeyer.Counters();

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws Exception {
        broker = TestBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        int test = ++tests;
        kafka = KafkaSettings.from(broker.config(Map.of(
                "outrider.kafka.topics.transactions", "transactions-" + test,
                "outrider.kafka.topics.ingress", "ingress-" + test,
                "outrider.kafka.topics.dead-letters", "dead-letters-" + test,
                "outrider.kafka.consumer.max-poll-records", 100)));
        settings = new ReKeySettings("rekey-" + test, SETTINGS.commitInterval(), SETTINGS.settle());
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
        }
        ends = new KafkaConsumer<>(kafka.consumerProperties());
        outputPartitions = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            outputPartitions.add(new TopicPartition(kafka.topics().transactions(), p));
        }
        outputPartitions.add(new TopicPartition(kafka.topics().deadLetters(), 0));
        ends.assign(outputPartitions);
    }

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void everyIngressRecordIsCopiedExactlyOnceInOrderThoughEverySessionCrashes() throws Exception {
        fillIngress(0, RECORDS / 2);
        sessionThatDiesOnceItHasCopied();
        fillIngress(RECORDS / 2, RECORDS);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        CrashPoint[] points = CrashPoint.values();
        for (int crash = 0; crash < 8; crash++) {
            CrashPoint point = points[crash % points.length];
            AtomicInteger left = new AtomicInteger(point == CrashPoint.BEFORE_SEND ? random.nextInt(1_500) : 1);
            sessionThatDies(point, left);
        }
        runUntilAllIsCopied();

        assertEachOnce("seed " + seed);
        assertThat(counters.alreadyCopied().sum())
                .as("the crashes left copies behind")
                .isPositive();
    }

    @Test
    void malformedRecordsBecomeDeadLettersWithTheirSource() throws Exception {
        fillIngress();
        runUntilAllIsCopied();

        List<ConsumerRecord<byte[], byte[]>> letters =
                TopicReader.readAll(kafka, kafka.topics().deadLetters());
        assertThat(letters).hasSize(RECORDS / 50);
        assertThat(letters).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetterHeaders.REASON)).isEqualTo("not-json");
            assertThat(header(letter, DeadLetterHeaders.SOURCE_TOPIC))
                    .isEqualTo(kafka.topics().ingress());
            assertThat(text(letter.value())).startsWith("malformed");
        });
    }

    @Test
    void aSessionThatLostItsPartitionsDropsWhatItHasBuffered() throws Exception {
        fillIngress();
        KafkaSettings slow = KafkaSettings.from(broker.config(Map.of(
                "outrider.kafka.topics.transactions", kafka.topics().transactions(),
                "outrider.kafka.topics.ingress", kafka.topics().ingress(),
                "outrider.kafka.topics.dead-letters", kafka.topics().deadLetters(),
                "outrider.kafka.consumer.max-poll-records", 100,
                "outrider.kafka.producer.bulk-linger", "10m",
                "outrider.kafka.properties", Map.of("max.poll.interval.ms", "1000"))));
        ReKeySettings rarely = new ReKeySettings(settings.groupId(), Duration.ofMinutes(5), SETTINGS.settle());
        AtomicInteger buffered = new AtomicInteger();
        AtomicInteger asksAfterwards = new AtomicInteger();
        try (ReKeySession frozen = session(slow, rarely)) {
            frozen.at(point -> {
                if (point == CrashPoint.BEFORE_SEND) {
                    buffered.incrementAndGet();
                } else if (point == CrashPoint.AFTER_COMMIT) {
                    buffered.set(0);
                }
            });
            assertThatThrownBy(() -> frozen.run(() -> {
                        if (buffered.get() == 0) {
                            return false;
                        }
                        if (asksAfterwards.get() == 0) {
                            takeOver();
                        }
                        return asksAfterwards.incrementAndGet() > 30;
                    }))
                    .hasStackTraceContaining("to other members");
        }
        assertThat(buffered).hasPositiveValue();
        assertEachOnce("after the loss");
    }

    private void takeOver() {
        try {
            runUntilAllIsCopied();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutACommitItFindsWhatHasBeenCopied() throws Exception {
        fillIngress();
        runUntilAllIsCopied();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.deleteConsumerGroups(List.of(settings.groupId())).all().get();
        }

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (ReKeySession session = session(kafka, settings)) {
            session.run(() -> counters.alreadyCopied().sum() >= RECORDS
                    || counters.copied().sum() > RECORDS
                    || System.nanoTime() > deadline);
        }

        assertEachOnce("no commit");
    }

    @Test
    void aLetterTooLargeForTheBrokerIsCut() throws Exception {
        int size = 1_500_000;
        AlterConfigOp lower = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588"), AlterConfigOp.OpType.SET);
        AlterConfigOp higher = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000000"), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(kafka.adminProperties());
                var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(
                                    ConfigResource.Type.TOPIC, kafka.topics().deadLetters()),
                            List.of(lower),
                            new ConfigResource(
                                    ConfigResource.Type.TOPIC, kafka.topics().ingress()),
                            List.of(higher)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>(kafka.topics().ingress(), 0, null, new byte[size]))
                    .get();
            producer.send(new ProducerRecord<>(kafka.topics().ingress(), 0, new byte[size], new byte[] {'{'}))
                    .get();
        }

        try (ReKeySession session = session(kafka, settings)) {
            session.run(() -> counters.deadLetters().sum() > 1);
        }

        assertThat(outputs())
                .hasSize(2)
                .allSatisfy(letter -> assertThat(header(letter, DeadLetterHeaders.SOURCE_GENERATION))
                        .isNotEmpty());
        assertThat(outputs()).anySatisfy(letter -> {
            assertThat(letter.value()).hasSize(CutLetter.VALUE_BYTES);
            assertThat(header(letter, DeadLetterHeaders.TRUNCATED_FROM)).isEqualTo(String.valueOf(size));
        });
        assertThat(outputs()).anySatisfy(letter -> {
            assertThat(letter.key()).hasSize(CutLetter.KEY_BYTES);
            assertThat(letter.value()).containsExactly('{');
            assertThat(header(letter, DeadLetterHeaders.KEY_TRUNCATED_FROM)).isEqualTo(String.valueOf(size));
        });
    }

    @Test
    void stoppingIsQuickThoughTheBrokerIsAway() {
        ReKeyer reKeyer = new ReKeyer(kafka.withBootstrapServers("127.0.0.1:1"), settings, READING);
        reKeyer.start();

        long before = System.nanoTime();
        reKeyer.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aBulkProducerWaitsForABrokerThatIsAwayUntilInterrupted() {
        KafkaSettings away = kafka.withBootstrapServers("127.0.0.1:1");
        assertThat(away.bulkProducerProperties()).containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        try (BulkProducer producer = new BulkProducer(away)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("any", new byte[1])))
                    .isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void floorsSurviveTheirTextForm() {
        Floors floors = new Floors("AbC-_9", new long[] {0, 35, 36, Long.MAX_VALUE});

        assertThat(Floors.parse(floors.metadata(), 4)).isEqualTo(floors);
        assertThat(Floors.parse(floors.metadata(), 3)).isNull();
        assertThat(Floors.parse("", 4)).isNull();
        assertThat(Floors.parse("x;1,2,3,!", 4)).isNull();
    }

    private void fillIngress() {
        fillIngress(0, RECORDS);
    }

    private void fillIngress(int from, int to) {
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            for (int i = from; i < to; i++) {
                String value = i % 50 == 7
                        ? "malformed " + i
                        : "{\"transaction_id\":" + i + ",\"user_id\":" + i % 61
                                + ",\"amount\":1,\"timestamp\":\"2026-01-01T00:00:00\"}";
                var unused = producer.send(new ProducerRecord<>(
                        kafka.topics().ingress(), i % 4, null, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    /** Leaves copies behind that no commit tells of. */
    private void sessionThatDiesOnceItHasCopied() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (ReKeySession session = session()) {
            session.at(point -> {
                if (point == CrashPoint.BEFORE_SEND) {
                    sent.incrementAndGet();
                } else if (point == CrashPoint.BEFORE_COMMIT && sent.get() > 0) {
                    throw new IllegalStateException("crash at " + point);
                }
            });
            assertThatThrownBy(() -> session.run(this::allTaken)).hasMessageContaining("crash");
        }
    }

    private void sessionThatDies(CrashPoint where, AtomicInteger left) throws Exception {
        try (ReKeySession session = session()) {
            session.at(point -> {
                if (point == where && left.getAndDecrement() <= 0) {
                    throw new IllegalStateException("crash at " + point);
                }
            });
            assertThatThrownBy(() -> session.run(this::allTaken)).hasMessageContaining("crash");
        } catch (AssertionError e) {
            assertThat(allTaken()).as("no crash because nothing was left to do").isTrue();
        }
    }

    private void runUntilAllIsCopied() throws Exception {
        try (ReKeySession session = session()) {
            session.run(this::allTaken);
        }
    }

    /** As many records lie on the outputs as the ingress topic has; asked between polls. */
    private boolean allTaken() {
        return ends.endOffsets(outputPartitions).values().stream()
                        .mapToLong(end -> end)
                        .sum()
                >= RECORDS;
    }

    private ReKeySession session() throws Exception {
        return session(kafka, settings);
    }

    private ReKeySession session(KafkaSettings kafka, ReKeySettings settings) throws Exception {
        try (Topics topics = new Topics(kafka)) {
            TopicInfo ingress = topics.describe(kafka.topics().ingress());
            TopicInfo transactions = topics.describe(kafka.topics().transactions());
            TopicInfo deadLetters = topics.describe(kafka.topics().deadLetters());
            TransactionDecoder decoder = new TransactionDecoder(READING.schema());
            Copies copies = new Copies(ingress, transactions, deadLetters, decoder, READING);
            return new ReKeySession(kafka, settings, copies, counters);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> outputs() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> all =
                new ArrayList<>(TopicReader.readAll(kafka, kafka.topics().transactions()));
        all.addAll(TopicReader.readAll(kafka, kafka.topics().deadLetters()));
        return all;
    }

    private void assertEachOnce(String seed) throws Exception {
        Map<String, Integer> copies = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : outputs()) {
            Coordinates from = Objects.requireNonNull(Coordinates.of(record.headers(), Copies.HEADER));
            copies.merge(from.partition() + "/" + from.offset(), 1, Integer::sum);
            String path = from.partition() + ">" + record.topic() + record.partition();
            Long before = last.put(path, from.offset());
            assertThat(from.offset()).as(seed).isGreaterThan(before == null ? -1 : before);
        }
        List<String> expected =
                IntStream.range(0, RECORDS).mapToObj(i -> i % 4 + "/" + i / 4).toList();
        assertThat(copies.keySet()).as(seed).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(copies.values()).as(seed).containsOnly(1);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
