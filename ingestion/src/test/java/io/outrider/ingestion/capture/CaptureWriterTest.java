package io.outrider.ingestion.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.TestBroker;
import io.outrider.ingestion.TopicReader;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker and a real folder; compared with what the topics hold. */
class CaptureWriterTest {

    private static final int RECORDS = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestBroker broker;
    private static int tests;

    @TempDir
    Path folder;

    private final LiveMetrics metrics = new LiveMetrics();
    private KafkaSettings kafka;
    private CaptureSettings settings;
    private BlobStore lake;
    private Topics topics;

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws Exception {
        broker = TestBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics() throws IOException {
        int test = ++tests;
        kafka = KafkaSettings.from(broker.config(Map.of(
                "outrider.kafka.topics.transactions", "transactions-" + test,
                "outrider.kafka.topics.alerts", "alerts-" + test,
                "outrider.kafka.topics.labels", "labels-" + test,
                "outrider.kafka.consumer.max-poll-records", 200)));
        settings = new CaptureSettings(
                true, "raw-transactions", "outrider", "capture-" + test, Duration.ofSeconds(1), 20 << 10);
        lake = new FolderBlobStore(folder);
        topics = new Topics(kafka);
        topics.createMissing();
    }

    @Test
    void everythingIsCapturedThoughTheLakeFailsBeforeAndAfterItHasWritten() throws Exception {
        long seed = 20_260_304;
        FailingLake failing = new FailingLake(lake, new Random(seed));
        send(0, RECORDS / 2);
        try (CaptureWriter writer = writer(failing)) {
            writer.start();
            Awaitility.await().atMost(PATIENCE).until(() -> metrics.capturedEvents.sum() > 500);
            send(RECORDS / 2, RECORDS);
            Awaitility.await().atMost(PATIENCE).until(() -> failing.refused >= 3 && failing.lostAnswers >= 3);
            failing.broken = false;
            Awaitility.await().atMost(PATIENCE).until(this::allIsCaptured);
        }

        for (String topic : List.of(
                kafka.topics().transactions(),
                kafka.topics().alerts(),
                kafka.topics().labels())) {
            assertCaptured(topic);
        }
        assertThat(metrics.captureLostEvents.sum()).isZero();
    }

    @Test
    void twoNodesShareThePartitionsAndOneTakesOverWhatTheOtherLeaves() throws Exception {
        LiveMetrics others = new LiveMetrics();
        send(0, RECORDS / 4);
        AtomicInteger sent = new AtomicInteger(RECORDS / 4);
        try (CaptureWriter second = new CaptureWriter(kafka, settings, lake, others, Clock.systemUTC())) {
            try (CaptureWriter first = writer(lake)) {
                first.start();
                Awaitility.await().atMost(PATIENCE).until(this::allIsCaptured);
                second.start();
                Awaitility.await().atMost(PATIENCE).until(() -> {
                    send(sent.get(), sent.addAndGet(100));
                    return others.capturedEvents.sum() > 0;
                });
            }
            send(sent.get(), sent.addAndGet(500));
            Awaitility.await().atMost(PATIENCE).until(this::allIsCaptured);
        }

        for (String topic : List.of(
                kafka.topics().transactions(),
                kafka.topics().alerts(),
                kafka.topics().labels())) {
            assertCaptured(topic);
        }
    }

    @Test
    void whatIsOpenIsWrittenWhenItStopsAndAnotherGoesOnBehindIt() throws Exception {
        settings = new CaptureSettings(
                true, "raw-transactions", "outrider", settings.groupId(), Duration.ofHours(1), 10 << 20);
        send(0, 300);
        oneLife(300);
        send(300, 400);
        oneLife(400);

        assertCaptured(kafka.topics().transactions());
        assertThat(lake.list("raw-transactions/outrider/" + kafka.topics().alerts() + "/0/"))
                .as("one file each")
                .hasSize(2);
    }

    @Test
    void recordsThatWereGoneAreCountedAndTheRestIsCaptured() throws Exception {
        send(0, 400);
        TopicPartition first = new TopicPartition(kafka.topics().alerts(), 0);
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(30)))
                    .all()
                    .get();
        }
        oneLife(400 - 30);

        assertThat(metrics.captureLostEvents.sum()).isEqualTo(30);
        assertThat(captured(info(first.topic()), 0, 30)).hasSize(topicSize(first) - 30);
    }

    /** Runs a session to the end of what there is. */
    private void oneLife(long taken) throws IOException {
        long before = metrics.capturedEvents.sum();
        try (CaptureSession session = new CaptureSession(
                kafka,
                List.of(
                        info(kafka.topics().transactions()),
                        info(kafka.topics().alerts()),
                        info(kafka.topics().labels())),
                lake,
                settings,
                metrics,
                Clock.systemUTC())) {
            session.run(() -> session.taken() + before >= taken);
        }
        assertThat(metrics.capturedEvents.sum()).isEqualTo(taken);
    }

    private CaptureWriter writer(BlobStore store) {
        return new CaptureWriter(kafka, settings, store, metrics, Clock.systemUTC());
    }

    private TopicInfo info(String topic) throws IOException {
        return topics.describe(topic);
    }

    private int topicSize(TopicPartition partition) throws IOException {
        return (int) topics.endOffset(partition.topic(), partition.partition());
    }

    private boolean allIsCaptured() throws IOException {
        for (String topic : List.of(
                kafka.topics().transactions(),
                kafka.topics().alerts(),
                kafka.topics().labels())) {
            TopicInfo info = info(topic);
            for (int partition = 0; partition < info.partitions(); partition++) {
                if (settings.files(lake, topic)
                                .end(partition, info.generation())
                                .nextSequenceNumber()
                        < topics.endOffset(topic, partition)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void assertCaptured(String topic) throws IOException {
        List<ConsumerRecord<byte[], byte[]>> sent = TopicReader.readAll(kafka, topic);
        TopicInfo info = info(topic);
        for (int partition = 0; partition < info.partitions(); partition++) {
            int of = partition;
            List<ConsumerRecord<byte[], byte[]>> records =
                    sent.stream().filter(record -> record.partition() == of).toList();
            List<CapturedEvent> events = captured(info, partition, 0);
            assertThat(events).hasSameSizeAs(records);
            for (int i = 0; i < events.size(); i++) {
                CapturedEvent event = events.get(i);
                ConsumerRecord<byte[], byte[]> record = records.get(i);
                assertThat(event.sequenceNumber()).isEqualTo(record.offset());
                assertThat(event.enqueuedTimeMs()).isEqualTo(record.timestamp() / 1000 * 1000);
                assertThat(event.kafkaKey()).isEqualTo(record.key());
                assertThat(event.body()).isEqualTo(record.value());
                assertThat(event.properties().get("source")).isEqualTo(bytes("test"));
            }
        }
    }

    private List<CapturedEvent> captured(TopicInfo topic, int partition, long from) throws IOException {
        List<CapturedEvent> events = new ArrayList<>();
        try (CapturedLog log =
                new CapturedLog(settings.files(lake, topic.name()), partition, topic.generation(), from)) {
            for (CapturedEvent event = log.next(); event != null; event = log.next()) {
                events.add(event);
            }
        }
        return events;
    }

    /** Every fourth record is an alert, every tenth of the others a label. */
    private void send(int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.bulkProducerProperties())) {
            for (int i = from; i < to; i++) {
                String topic = i % 4 == 0
                        ? kafka.topics().alerts()
                        : i % 10 == 1 ? kafka.topics().labels() : kafka.topics().transactions();
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topic, i % 7 == 0 ? null : bytes("k" + i % 50), i % 90 == 2 ? null : bytes("value " + i));
                record.headers().add("source", bytes("test"));
                var unused = producer.send(record);
            }
            producer.flush();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Loses every fourth write or so, and every fourth answer to one. */
    private static final class FailingLake implements BlobStore {
        private final BlobStore lake;
        private final Random random;
        private volatile boolean broken = true;
        private volatile int refused;
        private volatile int lostAnswers;

        FailingLake(BlobStore lake, Random random) {
            this.lake = lake;
            this.random = random;
        }

        @Override
        public Optional<Blob> get(String name) throws IOException {
            return lake.get(name);
        }

        @Override
        public Optional<InputStream> open(String name) throws IOException {
            return lake.open(name);
        }

        @Override
        public String put(String name, byte[] content) throws IOException {
            throw new IOException("a Capture file was written unconditionally: " + name);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // written by the capture thread alone
        public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
            int chance = random.nextInt(4);
            if (broken && chance == 0) {
                refused++;
                throw new IOException("refused");
            }
            Optional<String> etag = lake.putIfAbsent(name, content);
            if (broken && chance == 1) {
                lostAnswers++;
                throw new IOException("the answer was lost");
            }
            return etag;
        }

        @Override
        public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
            throw new IOException("a Capture file was replaced: " + name);
        }

        @Override
        public void delete(String name) throws IOException {
            throw new IOException("a Capture file was deleted: " + name);
        }

        @Override
        public List<Entry> list(String prefix) throws IOException {
            return lake.list(prefix);
        }
    }
}
