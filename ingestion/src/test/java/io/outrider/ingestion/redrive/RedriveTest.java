package io.outrider.ingestion.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.TestBroker;
import io.outrider.ingestion.TopicReader;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.replay.Replay;
import io.outrider.ingestion.simulator.Profile;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.ingestion.simulator.TrafficSender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redrive, replay and simulated traffic against a broker: what puts records on the transactions topic. */
class RedriveTest {

    private static final EventReading READING =
            new EventReading(EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"));

    private static TestBroker broker;
    private static int tests;

    private KafkaSettings kafka;
    private TopicInfo topic;
    private int lettersWritten;

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
                "outrider.kafka.topics.labels", "labels-" + test,
                "outrider.kafka.topics.dead-letters", "dead-letters-" + test)));
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
            topic = topics.describe(kafka.topics().transactions());
        }
    }

    @Test
    void eachMendedLetterIsPutBackOnceHoweverOftenItRuns(@TempDir Path directory) throws Exception {
        letter(RejectionReason.WRONG_PARTITION, event(1, "12.5"));
        letter(RejectionReason.WRONG_TYPE, event(2, "\"much\""));
        letter(RejectionReason.NOT_JSON, "nonsense");
        Path mends = Files.writeString(
                directory.resolve("mends.ndjson"), "{\"partition\":0,\"offset\":1,\"value\":" + event(2, "7") + "}\n");

        Redrive.Report dry = run(new Redrive.Request(Selection.ALL, Mends.read(mends), true), new ArrayList<>());
        assertThat(dry.redriven()).isEqualTo(2);
        assertThat(TopicReader.readAll(kafka, topic.name())).isEmpty();

        List<Redrive.Result> results = new ArrayList<>();
        Redrive.Report first = run(new Redrive.Request(Selection.ALL, Mends.NONE, false), results);
        assertThat(first.redriven()).isEqualTo(1);
        assertThat(first.stillBad()).isEqualTo(Map.of(RejectionReason.WRONG_TYPE, 1L, RejectionReason.NOT_JSON, 1L));
        assertThat(results.get(0).letter().source()).isEqualTo("transactions/3/17");

        Redrive.Report second = run(new Redrive.Request(Selection.ALL, Mends.read(mends), false), new ArrayList<>());
        assertThat(second.redriven()).isEqualTo(1);
        assertThat(second.alreadyRedriven()).isEqualTo(1);

        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.readAll(kafka, topic.name());
        assertThat(records)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(event(1, "12.5"), event(2, "7"));
        assertThat(records.get(0).partition()).isEqualTo(READING.partitioner().partition("7", topic.partitions()));
    }

    @Test
    void twoLettersOfOneSourceArePutBackOnceByTheMendOfEither(@TempDir Path directory) throws Exception {
        letter(RejectionReason.WRONG_TYPE, event(1, "\"much\""), "99");
        letter(RejectionReason.WRONG_TYPE, event(1, "\"much\""), "99");
        letter(RejectionReason.WRONG_PARTITION, event(2, "2"), "100");
        Path mends = Files.writeString(
                directory.resolve("mends.ndjson"), "{\"partition\":0,\"offset\":1,\"value\":" + event(1, "7") + "}\n");
        Selection firstCopy = new Selection(Set.of(), Optional.empty(), Optional.empty(), Optional.of(0), 0, 1);
        Selection secondCopy = new Selection(Set.of(), Optional.empty(), Optional.empty(), Optional.of(0), 1, 2);

        Redrive.Report first = run(new Redrive.Request(firstCopy, Mends.read(mends), false), new ArrayList<>());
        Redrive.Report second = run(new Redrive.Request(secondCopy, Mends.read(mends), false), new ArrayList<>());
        letter(RejectionReason.WRONG_PARTITION, event(2, "2"), "100");
        Redrive.Report all = run(new Redrive.Request(Selection.ALL, Mends.read(mends), false), new ArrayList<>());

        assertThat(first.redriven()).isEqualTo(1);
        assertThat(second.alreadyRedriven()).isEqualTo(1);
        assertThat(all.redriven()).isEqualTo(1);
        assertThat(all.alreadyRedriven()).isEqualTo(3);
        assertThat(TopicReader.readAll(kafka, topic.name()))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(event(1, "7"), event(2, "2"));
    }

    @Test
    void labelsGoBackToTheLabelsTopicOnceEach(@TempDir Path directory) throws Exception {
        String labels = kafka.topics().labels();
        letter(RejectionReason.MISSING_FIELD, label(1, ""), labels, "17");
        letter(RejectionReason.FAR_FUTURE, label(2, ",\"version\":1"), labels, "18");
        letter(RejectionReason.WRONG_PARTITION, event(3, "3"), "18");
        Path mends = Files.writeString(
                directory.resolve("mends.ndjson"),
                "{\"partition\":0,\"offset\":0,\"value\":" + label(1, ",\"version\":2") + "}\n");

        List<Redrive.Result> results = new ArrayList<>();
        Redrive.Report first = run(new Redrive.Request(Selection.ALL, Mends.NONE, false), results);
        Redrive.Report second = run(new Redrive.Request(Selection.ALL, Mends.read(mends), false), new ArrayList<>());
        Redrive.Report third = run(new Redrive.Request(Selection.ALL, Mends.read(mends), false), new ArrayList<>());

        assertThat(first.redriven()).isEqualTo(2);
        assertThat(first.stillBad()).isEqualTo(Map.of(RejectionReason.MISSING_FIELD, 1L));
        assertThat(results.get(0).letter().source()).isEqualTo(labels + "/3/17");
        assertThat(second.redriven()).isEqualTo(1);
        assertThat(third.alreadyRedriven()).isEqualTo(3);
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.readAll(kafka, labels);
        assertThat(records)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder(label(1, ",\"version\":2"), label(2, ",\"version\":1"));
        assertThat(records)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsOnly("7");
        assertThat(TopicReader.readAll(kafka, topic.name()))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(event(3, "3"));
    }

    @Test
    void onlySelectedLettersAreTouched() throws Exception {
        letter(RejectionReason.WRONG_PARTITION, event(1, "1"));
        letter(RejectionReason.FAR_FUTURE, event(2, "2"));
        letter(RejectionReason.FAR_FUTURE, event(3, "3"));
        Selection selection = new Selection(
                Set.of(RejectionReason.FAR_FUTURE), Optional.empty(), Optional.empty(), Optional.of(0), 2, 3);

        Redrive.Report report = run(new Redrive.Request(selection, Mends.NONE, false), new ArrayList<>());

        assertThat(report.examined()).isEqualTo(3);
        assertThat(report.selected()).isEqualTo(1);
        assertThat(TopicReader.readAll(kafka, topic.name()))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(event(3, "3"));
    }

    @Test
    void aMendFileThatIsWrongNamesItsLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("m"), "\n{\"partition\":0,\"offset\":\"x\"}");

        assertThatThrownBy(() -> Mends.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + ":2");
    }

    @Test
    void aReplayPutsEveryRowOnItsAccountsPartitionInOrder(@TempDir Path directory) throws Exception {
        StringBuilder csv = new StringBuilder("transaction_id,user_id,amount,timestamp\n");
        for (int i = 0; i < 5_000; i++) {
            csv.append(i)
                    .append(",u")
                    .append(i % 17)
                    .append(i == 99 ? ",-1" : ",1")
                    .append(",2026-01-01T00:00:00Z\n");
        }
        Path file = Files.writeString(directory.resolve("a.csv"), csv);
        List<Replay.Progress> seen = new ArrayList<>();
        Replay.Progress last = new Replay(kafka)
                .run(
                        new Replay.Request(
                                List.of(file),
                                READING.schema(),
                                new AccountRecords(topic, READING.partitioner()),
                                true,
                                0,
                                0),
                        seen::add);

        assertThat(last.events()).isEqualTo(5_000);
        assertThat(last.acknowledged()).isEqualTo(5_000);
        assertThat(last.malformed()).isEqualTo(1);
        assertThat(seen).isNotEmpty();
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.readAll(kafka, topic.name());
        assertThat(records).hasSize(5_000);
        assertThat(records)
                .filteredOn(record -> record.key() != null)
                .allSatisfy(record -> assertThat(
                                READING.partitioner().partition(new String(record.key(), StandardCharsets.UTF_8), 4))
                        .isEqualTo(record.partition()));
    }

    @Test
    void simulatedTrafficKeepsItsRateAndNeverRunsAheadOfTheClock() throws Exception {
        Instant now = Instant.parse("2026-01-10T00:00:00Z");
        SimulatorSettings settings = new SimulatorSettings(Profile.CARDS, 50, 20, 40, 0.05, Duration.ofHours(1), 1);
        Simulation simulation = new Simulation(settings, READING.schema());
        try (TrafficSender sender = new TrafficSender(kafka, Clock.fixed(now, ZoneOffset.UTC))) {
            AccountRecords records = new AccountRecords(topic, READING.partitioner());
            TrafficSender.Plan plan =
                    new TrafficSender.Plan(records, true, kafka.topics().labels(), 2_000, 0, 1_000, 0);
            TrafficSender.Progress sent =
                    sender.send(simulation.from(now.minus(Duration.ofDays(5))), plan, progress -> {});
            assertThat(sent.events()).isEqualTo(1_000);
            assertThat(sent.elapsedSeconds()).isGreaterThan(0.45);
            TrafficSender.Plan aSecond =
                    new TrafficSender.Plan(records, true, kafka.topics().labels(), 0, 0, 0, 1);
            TrafficSender.Progress more =
                    sender.send(simulation.from(now.minusSeconds(3_600)), aSecond, progress -> {});
            assertThat(more.eventTimeMs()).isLessThanOrEqualTo(now.toEpochMilli());
        }
        assertThat(TopicReader.readAll(kafka, kafka.topics().labels())).isNotEmpty();
    }

    private Redrive.Report run(Redrive.Request request, List<Redrive.Result> results) throws IOException {
        return new Redrive(kafka, READING, Clock.systemUTC()).run(request, results::add);
    }

    /** A letter of a source of its own. */
    private void letter(RejectionReason reason, String value) throws Exception {
        letter(reason, value, String.valueOf(17 + lettersWritten++));
    }

    private void letter(RejectionReason reason, String value, String offset) throws Exception {
        letter(reason, value, "transactions", offset);
    }

    private void letter(RejectionReason reason, String value, String source, String offset) throws Exception {
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            var record = new ProducerRecord<byte[], byte[]>(
                    kafka.topics().deadLetters(), null, value.getBytes(StandardCharsets.UTF_8));
            record.headers().add(DeadLetterHeaders.REASON, reason.wireName().getBytes(StandardCharsets.UTF_8));
            record.headers().add(DeadLetterHeaders.SOURCE_TOPIC, source.getBytes(StandardCharsets.UTF_8));
            record.headers().add(DeadLetterHeaders.SOURCE_GENERATION, "g-1".getBytes(StandardCharsets.UTF_8));
            record.headers().add(DeadLetterHeaders.SOURCE_PARTITION, "3".getBytes(StandardCharsets.UTF_8));
            record.headers().add(DeadLetterHeaders.SOURCE_OFFSET, offset.getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }
    }

    private static String label(int id, String more) {
        return "{\"transaction_id\":\"" + id
                + "\",\"account\":\"7\",\"event_time\":\"2026-01-01T00:00:00Z\",\"verdict\":\"fraud\",\"by\":\"me\""
                + more + "}";
    }

    private static String event(int id, String amount) {
        return "{\"transaction_id\":\"" + id + "\",\"user_id\":\"7\",\"amount\":" + amount
                + ",\"timestamp\":\"2026-01-01T00:00:00Z\"}";
    }
}
