package io.outrider.app.rebuild;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.local.LocalPorts;
import io.outrider.app.rebuild.Rebuild.Choices;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Transactions on a real broker, and a lake in a real folder; what is rebuilt is compared with a plain fold of what was {@link #SENT}. */
abstract class RebuildFixture {

    static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    static final EventReading READING = new EventReading(PLAN.schema(), AccountPartitioner.named("murmur2"));
    static final Choices PLAIN = new Choices(null, null, null, false, null);

    @TempDir
    static Path brokerFolder;

    static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    static final List<Transaction> SENT = history();
    static EmbeddedBroker broker;
    static KafkaSettings kafka;
    static Topics topics;
    static TopicInfo topic;
    static Model model;

    @TempDir
    Path folder;

    BlobStore lake;

    @BeforeAll
    static void start() throws IOException {
        // A partition for each test that loses some of its log.
        Config config = ConfigFactory.parseMap(Map.of("outrider.kafka.topics.partitions", 5))
                .withFallback(ConfigFactory.load());
        broker = EmbeddedBroker.start(brokerFolder, LocalPorts.free(0, "a port"));
        kafka = KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers());
        topics = new Topics(kafka);
        topics.createMissing();
        topic = topics.describe(kafka.topics().transactions());
        model = new FirstModel(PLAN, TrainingSettings.read(config), Progress.NONE)
                .fit(
                        new FirstModel.History(
                                SENT.iterator(),
                                SENT.get(0).eventTimeMs(),
                                SENT.get(SENT.size() - 1).eventTimeMs() + 1),
                        1);
        try (BulkProducer producer = new BulkProducer(kafka)) {
            AccountRecords records = new AccountRecords(topic, READING.partitioner());
            TransactionEncoder encoder = new TransactionEncoder(PLAN.schema());
            for (Transaction transaction : SENT) {
                producer.send(records.of(transaction.account(), encoder.encode(transaction)));
            }
            producer.flush();
        }
    }

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        new ModelFiles(lake, PLAN.name()).save(model);
    }

    @AfterAll
    static void stop() {
        topics.close();
        broker.close();
    }

    static void forget(int partition, long before) throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(topic.name(), partition), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    Rebuild rebuild(Choices choices) throws IOException {
        return rebuild(choices, null);
    }

    Rebuild rebuild(Choices choices, @Nullable String plan) throws IOException {
        return new Rebuild(kafka, topics, READING, lake, WantedPlan.of(plan, lake), choices);
    }

    PartitionCheckpoints checkpoints(int partition) {
        return new PartitionCheckpoints(lake, topic.name(), partition);
    }

    Claim claim(String owner, int partition) {
        return new Claim(
                owner, topic.name(), topic.generation(), partition, 0, SENT.size(), PLAN.fingerprint(), context());
    }

    ContextRef context() {
        return new ContextRef(model.manifest().version(), 0);
    }

    Map<String, String> expectedHashes(int partition) {
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, AccountState> states = new HashMap<>();
        double[] vector = new double[PLAN.size()];
        for (Transaction transaction : SENT) {
            if (READING.partitioner().partition(transaction.account(), topic.partitions()) == partition) {
                AccountState state = states.computeIfAbsent(transaction.account(), any -> codec.fresh());
                PLAN.apply(state.features(), transaction, MerchantRisk.NONE, vector);
            }
        }
        Map<String, String> hashes = new TreeMap<>();
        states.forEach((account, state) -> hashes.put(account, codec.featureStateHash(state)));
        return hashes;
    }

    static Map<String, String> featureHashes(Map<String, byte[]> states) {
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, String> hashes = new TreeMap<>();
        states.forEach((account, bytes) -> hashes.put(account, codec.featureStateHash(codec.decode(bytes))));
        return hashes;
    }

    static List<Transaction> history() {
        List<Transaction> history = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            history.add(transaction(i, "account-" + i % 40));
        }
        return history;
    }

    static Transaction transaction(int i, String account) {
        long timeMs = START + i * Duration.ofMinutes(10).toMillis();
        return new Transaction("t" + i, account, 10 + i * 37 % 90, timeMs, "merchant-" + i % 7, null, null, null, null);
    }
}
