package io.outrider.app.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.command.CommandException;
import io.outrider.app.local.LocalPorts;
import io.outrider.app.node.TopicHistory;
import io.outrider.app.rebuild.Rebuild.Choices;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.rollout.Requested;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.capture.CaptureWriter;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.checkpoint.ClaimRefusedException;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
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
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker and a real folder; compared with a plain fold of what was SENT. */
class RebuildTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EventReading READING = new EventReading(PLAN.schema(), AccountPartitioner.named("murmur2"));
    private static final Choices PLAIN = new Choices(null, null, null, false, null);

    @TempDir
    static Path brokerFolder;

    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final List<Transaction> SENT = history();
    private static EmbeddedBroker broker;
    private static KafkaSettings kafka;
    private static Topics topics;
    private static TopicInfo topic;
    private static Model model;

    @TempDir
    Path folder;

    private BlobStore lake;

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

    @Test
    void aPartitionThatLostItsManifestIsBuiltFromTheLog() throws IOException {
        checkpoints(0).claim(claim("node", 0));
        lake.delete("checkpoints/transactions/0/manifest.json");
        lake.put("checkpoints/transactions/0/0000000007-0000000001-0.base.avro", new byte[] {1});
        assertThatThrownBy(() -> checkpoints(0).claim(claim("again", 0)))
                .isInstanceOf(ClaimRefusedException.class)
                .hasMessageContaining("outrider rebuild");
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--until");

        long end = topics.endOffset(topic.name(), 0);
        Rebuild rebuild = rebuild(new Choices(null, end, null, false, null));
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.epoch()).as("above all that have written files").isEqualTo(8);
        assertThat(result.to()).isEqualTo(end);
        Held held = checkpoints(0).claim(claim("again", 0));
        assertThat(held.manifest().context()).isEqualTo(context());
        Map<String, byte[]> states = new HashMap<>();
        checkpoints(0).load(held.manifest(), states::put);
        assertThat(featureHashes(states)).isEqualTo(expectedHashes(0));
    }

    @Test
    void aPartitionIsBuiltUpToItsOldCheckpointAndFencesItsOwner() throws IOException {
        Held owner = checkpoints(0).claim(claim("node", 0));
        Rebuild rebuild = rebuild(PLAIN);
        Rebuild.Task overtaken = rebuild.plan(0);
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.to()).isEqualTo(owner.manifest().nextOffset());
        assertThat(result.epoch()).isEqualTo(owner.manifest().epoch() + 1);
        assertThatThrownBy(() -> rebuild.run(overtaken, share -> {})).hasMessageContaining("claimed while");
    }

    @Test
    void whatTheLogHasLostIsLostOnlyByPermission() throws Exception {
        checkpoints(1).claim(claim("node", 1));
        forget(1, 10);
        assertThatThrownBy(() -> rebuild(PLAIN).plan(1)).hasMessageContaining("--accept-loss-before 10");
        Rebuild rebuild = rebuild(new Choices(null, 20L, 10L, false, null));
        assertThat(rebuild.run(rebuild.plan(1), share -> {}).events()).isEqualTo(10);
    }

    @Test
    void whatTheLogHasLostIsTakenFromCaptureFiles() throws Exception {
        CaptureSettings capture = captured(2);
        checkpoints(2).claim(claim("node", 2));
        long end = topics.endOffset(topic.name(), 2);
        forget(2, end - 100);
        Choices without = new Choices(null, end, null, false, null);
        assertThatThrownBy(() -> rebuild(without).plan(2)).hasMessageContaining("--from-capture");

        Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
        Rebuild.Task task = rebuild.plan(2);
        assertThat(task.logFrom()).isEqualTo(end - 100);
        Rebuild.Result result = rebuild.run(task, share -> {});
        assertThat(result.from()).isZero();
        assertThat(result.events()).isEqualTo(end);
        Held held = checkpoints(2).claim(claim("again", 2));
        Map<String, byte[]> states = new HashMap<>();
        checkpoints(2).load(held.manifest(), states::put);
        assertThat(featureHashes(states)).isEqualTo(expectedHashes(2));

        TopicHistory running = history(capture);
        List<String> all = idsOn(2);
        assertThat(ids(running, 2, 0, end)).as("files, then the topic").isEqualTo(all);
        assertThat(ids(running, 2, 7, end - 120)).as("files alone").isEqualTo(all.subList(7, all.size() - 120));
        assertThat(ids(running, 2, end - 60, end))
                .as("the topic alone")
                .isEqualTo(all.subList(all.size() - 60, all.size()));
    }

    /** What another plan's states are built from while the partition runs. */
    private TopicHistory history(CaptureSettings capture) {
        return new TopicHistory(kafka, topics, topic, capture.files(lake, topic.name()), READING);
    }

    /** Ids of the transactions of [from, to), as such a build takes them: what lies beside is left out. */
    private static List<String> ids(TopicHistory history, int partition, long from, long to) throws IOException {
        List<String> ids = new ArrayList<>();
        long[] next = {from};
        history.read(partition, from, to, group -> {
            for (LoggedEvent event : group.before(to).events()) {
                if (event.offset() >= next[0]) {
                    next[0] = event.offset() + 1;
                    ids.add(event.transaction().transactionId());
                }
            }
        });
        return ids;
    }

    private static List<String> idsOn(int partition) {
        return SENT.stream()
                .filter(sent -> READING.partitioner().partition(sent.account(), topic.partitions()) == partition)
                .map(Transaction::transactionId)
                .toList();
    }

    @Test
    void anAccountErasedInTheLogBeginsAnewThereWhetherThatIsReadFromCaptureFilesOrTheTopic() throws Exception {
        String erased = accountOn(4);
        Transaction again = transaction(SENT.size(), erased);
        try (BulkProducer producer = new BulkProducer(kafka)) {
            AccountRecords records = new AccountRecords(topic, READING.partitioner());
            producer.send(records.of(
                    erased, new Erasure("e", erased).encode(PLAN.schema().accountField())));
            producer.send(records.of(erased, new TransactionEncoder(PLAN.schema()).encode(again)));
            producer.flush();
        }
        Map<String, String> expected = expectedHashes(4);
        AccountState anew = new AccountStateCodec(PLAN).fresh();
        PLAN.apply(anew.features(), again, MerchantRisk.NONE, new double[PLAN.size()]);
        expected.put(erased, new AccountStateCodec(PLAN).featureStateHash(anew));
        CaptureSettings capture = captured(4);
        checkpoints(4).claim(claim("node", 4));
        long end = topics.endOffset(topic.name(), 4);
        for (long logFrom : new long[] {end - 10, end - 1}) { // the erasure in the topic still, then in a file alone
            forget(4, logFrom);
            Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
            assertThat(rebuild.plan(4).logFrom()).isEqualTo(logFrom);
            rebuild.run(rebuild.plan(4), share -> {});
            Map<String, byte[]> states = new HashMap<>();
            checkpoints(4).load(checkpoints(4).claim(claim("again", 4)).manifest(), states::put);
            assertThat(featureHashes(states)).isEqualTo(expected);
        }
    }

    private static String accountOn(int partition) {
        return SENT.stream()
                .map(Transaction::account)
                .filter(account -> READING.partitioner().partition(account, topic.partitions()) == partition)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void captureFilesThatDoNotReachTheLogOrHaveAGapAreRefused() throws Exception {
        CaptureSettings capture = captured(3);
        checkpoints(3).claim(claim("node", 3));
        long end = topics.endOffset(topic.name(), 3);
        forget(3, end);
        CaptureSettings elsewhere =
                new CaptureSettings(true, "raw-transactions", "other", "capture", Duration.ofSeconds(1), 1 << 10);
        Rebuild without = rebuild(new Choices(null, end, null, false, elsewhere));
        assertThatThrownBy(() -> without.run(without.plan(3), share -> {}))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("end at offset 0, and its log starts at " + end);
        assertThatThrownBy(() -> ids(history(elsewhere), 3, 0, end))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "partition 3 of topic %s starts at offset %d, and its Capture files end at 0: what lies between is lost",
                        topic.name(), end);

        List<CaptureFileName> names = capture.files(lake, topic.name()).list(3);
        assertThat(names).hasSizeGreaterThan(1);
        lake.delete("raw-transactions/" + names.get(0).path());
        Rebuild rebuild = rebuild(new Choices(null, end, null, false, capture));
        assertThatThrownBy(() -> rebuild.run(rebuild.plan(3), share -> {}))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("where 0 is expected");
        assertThatThrownBy(() -> ids(history(capture), 3, 0, end))
                .isInstanceOf(CaptureGapException.class)
                .hasMessageContaining("where 0 is expected");
    }

    /** The topic's files so far, as a node of role batch writes them. */
    private CaptureSettings captured(int partition) throws IOException {
        CaptureSettings settings = new CaptureSettings(
                true, "raw-transactions", "outrider", "capture-" + partition, Duration.ofSeconds(1), 1 << 10);
        CaptureFiles files = settings.files(lake, topic.name());
        long end = topics.endOffset(topic.name(), partition);
        try (CaptureWriter writer = new CaptureWriter(kafka, settings, lake, new LiveMetrics(), Clock.systemUTC())) {
            writer.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> files.end(partition, topic.generation()).nextSequenceNumber() == end);
        }
        return settings;
    }

    private static void forget(int partition, long before) throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(topic.name(), partition), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    @Test
    void aRecreatedTopicIsBegunAnewOnlyByPermission() throws IOException {
        checkpoints(0).claim(new Claim("node", topic.name(), "another", 0, 0, 5, PLAN.fingerprint(), context()));
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0)).hasMessageContaining("--accept-new-topic");
        Rebuild rebuild = rebuild(new Choices(null, null, null, true, null));
        Rebuild.Result result = rebuild.run(rebuild.plan(0), share -> {});
        assertThat(result.to()).isZero();
        assertThat(checkpoints(0).claim(claim("again", 0)).manifest().epoch()).isEqualTo(3);
    }

    @Test
    void anotherPlansStatesAreReplacedByThisOnes() throws IOException {
        Claim other = new Claim("node", topic.name(), topic.generation(), 0, 0, 5, "another plan", context());
        checkpoints(0).claim(other);
        assertThatThrownBy(() -> checkpoints(0).claim(claim("again", 0))).hasMessageContaining("rebuild --plan");
        assertThatThrownBy(() -> rebuild(PLAIN).plan(0))
                .isInstanceOf(CommandException.class)
                .hasMessageContainingAll("partition 0 is not rebuilt", "another plan", "--plan");
        Rebuild rebuild = rebuild(PLAIN, PLAN.name());
        rebuild.run(rebuild.plan(0), share -> {});
        assertThat(checkpoints(0).claim(claim("again", 0)).manifest().planFingerprint())
                .isEqualTo(PLAN.fingerprint());
    }

    @Test
    void withoutAWordStatesStayOfTheirPlanAndWithItsFingerprintTheyAreDecidedUnderAFormerChampionOfIt()
            throws IOException {
        FeaturePlan other = FeaturePlan.compile(ConfigFactory.parseString(PLAN.source())
                .withValue("memory.amounts", ConfigValueFactory.fromAnyRef(20)));
        PlanFiles.save(lake, other);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        StageFile stages = new StageFile(lake, PLAN.name());
        stages.readOrBegin(models, Clock.systemUTC());
        List<String> others = new ArrayList<>();
        for (long day = 1; day <= 2; day++) {
            Model one = of(other, Instant.EPOCH.plus(Duration.ofDays(day)));
            models.save(one);
            others.add(one.manifest().version());
        }
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        stages.change(at -> at.promote(others.get(0), true, asked));
        stages.change(at -> at.promote(context().modelVersion(), true, asked));
        checkpoints(0)
                .claim(new Claim(
                        "node",
                        topic.name(),
                        topic.generation(),
                        0,
                        0,
                        5,
                        other.fingerprint(),
                        new ContextRef(others.get(1), 0)));
        Rebuild.Task kept = rebuild(PLAIN).plan(0);
        assertThat(kept.plan().fingerprint()).isEqualTo(other.fingerprint());
        assertThat(kept.contexts().at(0).modelVersion()).isEqualTo(others.get(1));

        lake.delete("checkpoints/transactions/0/manifest.json");
        Choices choices = new Choices(null, 5L, null, false, null);
        Rebuild.Task asNow = rebuild(choices).plan(0);
        assertThat(asNow.plan().fingerprint()).as("the champion's").isEqualTo(PLAN.fingerprint());
        assertThat(asNow.contexts().at(0)).isEqualTo(context());
        Rebuild.Task named = rebuild(choices, other.fingerprint()).plan(0);
        assertThat(named.plan().fingerprint()).isEqualTo(other.fingerprint());
        assertThat(named.contexts().at(0).modelVersion())
                .as("was champion, though another is newer")
                .isEqualTo(others.get(0));
    }

    /** As if it had been trained under another plan with as many features. */
    private static Model of(FeaturePlan plan, Instant end) {
        ModelManifest known = model.manifest();
        return Model.of(
                model.fused(),
                new Model.Decided(
                        new ModelManifest.Plan(
                                plan.name(), plan.fingerprint(), known.plan().features()),
                        known.calibration(),
                        known.policy(),
                        new ModelManifest.Origin(known.origin().codeVersion(), 1, Instant.EPOCH, end, 1, Map.of()),
                        Map.of()));
    }

    private Rebuild rebuild(Choices choices) throws IOException {
        return rebuild(choices, null);
    }

    private Rebuild rebuild(Choices choices, @Nullable String plan) throws IOException {
        return new Rebuild(kafka, topics, READING, lake, WantedPlan.of(plan, lake), choices);
    }

    private PartitionCheckpoints checkpoints(int partition) {
        return new PartitionCheckpoints(lake, topic.name(), partition);
    }

    private Claim claim(String owner, int partition) {
        return new Claim(
                owner, topic.name(), topic.generation(), partition, 0, SENT.size(), PLAN.fingerprint(), context());
    }

    private ContextRef context() {
        return new ContextRef(model.manifest().version(), 0);
    }

    private Map<String, String> expectedHashes(int partition) {
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

    private static Map<String, String> featureHashes(Map<String, byte[]> states) {
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, String> hashes = new TreeMap<>();
        states.forEach((account, bytes) -> hashes.put(account, codec.featureStateHash(codec.decode(bytes))));
        return hashes;
    }

    private static List<Transaction> history() {
        List<Transaction> history = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            history.add(transaction(i, "account-" + i % 40));
        }
        return history;
    }

    private static Transaction transaction(int i, String account) {
        long timeMs = START + i * Duration.ofMinutes(10).toMillis();
        return new Transaction("t" + i, account, 10 + i * 37 % 90, timeMs, "merchant-" + i % 7, null, null, null, null);
    }
}
