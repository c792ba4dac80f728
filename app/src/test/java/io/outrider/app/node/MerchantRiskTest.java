package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.local.LocalPorts;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on a real broker: labels go in, scores come out. */
class MerchantRiskTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final AccountPartitioner PARTITIONER = AccountPartitioner.named("murmur2");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MERCHANT = "merchant-1";
    private static final String FRAUDS = "merchant_frauds_30d";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path lakeFolder;

    private static EmbeddedBroker broker;
    private static Config config;
    private static KafkaSettings kafka;
    private static TopicInfo transactions;

    private int sent;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(brokerFolder, LocalPorts.free(0, "a port"));
        config = ConfigFactory.parseString("""
                        outrider.kafka.topics.partitions = 2
                        outrider.scored-transactions = all
                        outrider.detection.barrier-interval = 1 s
                        outrider.detection.lease = 2 s
                        outrider.risk { count-interval = 1 s, report-interval = 500 ms }
                        outrider.model.recipes.transactions {
                          forest { trees = 4, sample-size = 32 }
                          tails = [{ feature = %s, weight = 5, body-share = 0.98 }]
                        }
                        """.formatted(FRAUDS))
                .withFallback(ConfigFactory.load())
                .resolve();
        kafka = KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers());
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
            transactions = topics.describe(kafka.topics().transactions());
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aLabelCountsInScoresAtItsMerchantWithinSecondsAndSoDoesItsCorrection() throws Exception {
        FolderBlobStore lake = new FolderBlobStore(lakeFolder);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        Model model = model();
        models.save(model);
        NodeParts parts = new NodeParts(
                config,
                EnumSet.allOf(Role.class),
                kafka,
                HttpSettings.of(config).withPort(LocalPorts.free(0, "a port")),
                () -> new Storage(lake, models, new ContextRef(model.manifest().version(), 0)),
                PLAN,
                PARTITIONER,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Clock.systemUTC());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties());
                KafkaConsumer<byte[], byte[]> scores = fromStart(kafka.topics().scoredTransactions());
                OutriderNode node = OutriderNode.start(parts)) {
            node.started().toCompletableFuture().get(2, TimeUnit.MINUTES);
            var unused = producer.send(
                    new ProducerRecord<>(kafka.topics().labels(), "{\"verdict\":1}".getBytes(StandardCharsets.UTF_8)));
            JsonNode before = sendUntil(producer, scores, scored -> true).scored();
            assertThat(frauds(before)).isZero();

            long labelled = send(producer, label(before, true, 1));
            Seen known = sendUntil(producer, scores, scored -> frauds(scored) == 1);
            assertThat(known.scored().get("rawScore").doubleValue())
                    .isGreaterThan(before.get("rawScore").doubleValue() + 1);
            System.out.println("label to score: " + (known.timeMs() - labelled) + " ms");

            long corrected = send(producer, label(before, false, 2));
            Seen mended = sendUntil(producer, scores, scored -> frauds(scored) == 0 && behind(scored, known));
            System.out.println("correction to score: " + (mended.timeMs() - corrected) + " ms");
            assertThat(volume(mended.scored())).as("counted by the partitions").isNotNegative();
            sendUntil(producer, scores, scored -> volume(scored) > 0);
            assertThat(node.metrics().labels.sum()).isEqualTo(2);
            assertThat(node.metrics().riskTables.sum()).isGreaterThan(1);
        }
        ConsumerRecord<byte[], byte[]> letter = first(kafka.topics().deadLetters());
        assertThat(header(letter, DeadLetterHeaders.SOURCE_TOPIC))
                .isEqualTo(kafka.topics().labels());
        assertThat(header(letter, DeadLetterHeaders.REASON)).isEqualTo("missing-field");
    }

    /** A scored transaction, and when it was published. */
    private record Seen(JsonNode scored, long timeMs) {}

    /** Sends transactions at the merchant, one every 20 ms, until a scored one is as wanted. */
    private Seen sendUntil(
            KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> scores, Predicate<JsonNode> wanted)
            throws IOException {
        AccountRecords records = new AccountRecords(transactions, PARTITIONER);
        TransactionEncoder encoder = new TransactionEncoder(PLAN.schema());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Transaction next = transaction(sent++, System.currentTimeMillis());
            var unused = producer.send(records.of(next.account(), encoder.encode(next)));
            for (ConsumerRecord<byte[], byte[]> record : scores.poll(Duration.ofMillis(20))) {
                JsonNode scored = JSON.readTree(record.value());
                if (wanted.test(scored)) {
                    return new Seen(scored, record.timestamp());
                }
            }
        }
        throw new AssertionError("no scored transaction was as wanted within " + PATIENCE);
    }

    private static long send(KafkaProducer<byte[], byte[]> producer, Label label) throws Exception {
        return producer.send(new ProducerRecord<>(
                        kafka.topics().labels(),
                        label.account().getBytes(StandardCharsets.UTF_8),
                        LabelEncoder.encode(label)))
                .get()
                .timestamp();
    }

    private static Label label(JsonNode scored, boolean fraud, int version) {
        return new Label(
                scored.get("transactionId").asText(),
                scored.get("account").asText(),
                MERCHANT,
                Instant.parse(scored.get("eventTime").asText()).toEpochMilli(),
                fraud,
                "a test",
                version,
                0);
    }

    private static double frauds(JsonNode scored) {
        return scored.get("receipt").get("vector").get(FRAUDS).asDouble();
    }

    private static double volume(JsonNode scored) {
        return scored.get("receipt").get("vector").get("merchant_volume_30d").asDouble();
    }

    private static boolean behind(JsonNode scored, Seen earlier) {
        return risk(scored) > risk(earlier.scored());
    }

    private static long risk(JsonNode scored) {
        return scored.get("receipt").get("context").get("riskVersion").longValue();
    }

    private static KafkaConsumer<byte[], byte[]> fromStart(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> first(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = fromStart(topic)) {
            for (int i = 0; i < 100; i++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    return record;
                }
            }
        }
        throw new AssertionError("nothing in " + topic);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Transaction transaction(int number, long timeMs) {
        return new Transaction(
                "t" + number, "account-" + number % 50, 20 + number % 7, timeMs, MERCHANT, null, null, null, null);
    }

    /** Fitted on a history in which now and then a merchant has a fraud. */
    private static Model model() {
        ModelManifest.Plan plan = new ModelManifest.Plan(
                PLAN.name(),
                PLAN.fingerprint(),
                PLAN.features().stream().map(feature -> feature.name()).toList());
        MerchantRiskLedger ledger = new MerchantRiskLedger(1_000);
        Map<String, io.outrider.core.feature.FeatureState> states = new HashMap<>();
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        double[] vector = new double[PLAN.size()];
        IntStream.range(0, 2_000).forEach(i -> {
            Transaction next = transaction(i, 1_700_000_000_000L + i * 60_000L);
            String merchant = "m" + i % 100;
            ledger.advanceTo(next.eventTimeMs());
            Transaction there = new Transaction(
                    next.transactionId(),
                    next.account(),
                    next.amount(),
                    next.eventTimeMs(),
                    merchant,
                    null,
                    null,
                    null,
                    null);
            PLAN.apply(states.computeIfAbsent(next.account(), account -> PLAN.newState()), there, ledger, vector);
            rows.add(vector);
            ledger.transaction(merchant, next.eventTimeMs());
            ledger.verdict(new Verdict(next.account(), merchant, next.eventTimeMs(), i % 997 == 0, next.eventTimeMs()));
        });
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, 1);
        double[] raw = score.raw(rows);
        AlertSettings settings = AlertSettings.read(config);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        settings.terms(settings.withoutLabels().threshold(raw, new boolean[0])),
                        new ModelManifest.Origin(
                                "test", 1, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
