package io.outrider.app.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.node.NodeParts;
import io.outrider.app.node.OutriderNode;
import io.outrider.app.node.Role;
import io.outrider.app.node.Storage;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What all passes share: a broker with the events in it, and a model fitted on traffic of the same kind. */
final class BenchWorld implements AutoCloseable {

    /** How much event time a backlog covers. */
    static final Duration HISTORY = Duration.ofDays(30);

    private static final Duration START_RETRY = Duration.ofMillis(200);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final int MODEL_ACCOUNTS = 2_000;
    private static final long MODEL_EVENTS = 120_000;
    private static final long SEED = 42;

    private final Path directory;
    private final BrokerProcess broker;
    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final EventReading reading = new EventReading(plan.schema(), AccountPartitioner.named("murmur2"));
    private final TransactionEncoder encoder = new TransactionEncoder(plan.schema());
    private final ContextRef context;

    private BenchWorld(Path directory, BrokerProcess broker, ContextRef context) {
        this.directory = directory;
        this.broker = broker;
        this.context = context;
    }

    /** Starts the broker, creates the topics and fits the model on a small past of equally busy accounts. */
    static BenchWorld create() throws IOException {
        return create(AccountDraw.of("uniform", MODEL_ACCOUNTS), MODEL_EVENTS);
    }

    /** The same with a model of such accounts' past, of so many events. */
    static BenchWorld create(AccountDraw accounts, long events) throws IOException {
        Path directory = Files.createTempDirectory("outrider-bench");
        try {
            ContextRef context = new ContextRef(fitModel(directory, accounts, events), 0);
            return new BenchWorld(directory, BrokerProcess.start(directory), context);
        } catch (IOException | RuntimeException e) {
            Folders.delete(directory);
            throw e;
        }
    }

    private static String fitModel(Path directory, AccountDraw accounts, long events) throws IOException {
        FeaturePlan plan = FeaturePlan.named("transactions");
        Instant until = Instant.now();
        BenchTraffic past = new BenchTraffic(SEED, accounts, events, until, HISTORY);
        Model model = new FirstModel(plan, TrainingSettings.read(ConfigFactory.load()), Progress.NONE)
                .fit(new FirstModel.History(past, until.minus(HISTORY).toEpochMilli(), until.toEpochMilli()), SEED);
        new ModelFiles(new FolderBlobStore(directory.resolve("models")), plan.name()).save(model);
        return model.manifest().version();
    }

    FeaturePlan plan() {
        return plan;
    }

    EventReading reading() {
        return reading;
    }

    ContextRef context() {
        return context;
    }

    ModelFiles models() throws IOException {
        return new ModelFiles(new FolderBlobStore(directory.resolve("models")), plan.name());
    }

    /** The default configuration, with a consumer group and an alerts topic of the pass's own. */
    Config config(String pass, Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(KafkaSettings.NO_EVENT_HUBS);
        settings.putAll(overrides);
        settings.put("outrider.kafka.bootstrap-servers", broker.bootstrapServers());
        settings.put("outrider.kafka.group-id", "outrider-" + pass);
        settings.put("outrider.kafka.topics.alerts", alertsOf(pass));
        return ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    static String alertsOf(String pass) {
        return "alerts-" + pass;
    }

    /** The transactions topic, after creating what is missing of the pass's topics. */
    TopicInfo topics(KafkaSettings kafka) throws IOException {
        try (Topics topics = new Topics(kafka)) {
            topics.createMissing();
            return topics.describe(kafka.topics().transactions());
        }
    }

    /** Sends events as fast as it goes, and returns when the broker has them all. */
    void send(Iterator<Transaction> traffic) throws IOException {
        KafkaSettings kafka = KafkaSettings.from(config("none", Map.of()));
        TopicInfo topic = topics(kafka);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.bulkProducerProperties())) {
            traffic.forEachRemaining(event -> {
                var unused = producer.send(record(topic, event));
            });
            producer.flush();
        }
    }

    /** An event as a producer sends it. */
    ProducerRecord<byte[], byte[]> record(TopicInfo topic, Transaction event) {
        return new AccountRecords(topic, reading.partitioner()).of(event.account(), encoder.encode(event));
    }

    /** The lake of the pass's own. */
    BlobStore lake(String pass) throws IOException {
        return new FolderBlobStore(directory.resolve("lake-" + pass));
    }

    /** Starts a whole node, as {@code local} does, with a lake of its own. */
    OutriderNode node(String pass, Config config) throws IOException {
        OutriderNode node = OutriderNode.start(new NodeParts(
                config,
                EnumSet.allOf(Role.class),
                KafkaSettings.from(config),
                HttpSettings.of(config).withPort(0),
                () -> new Storage(lake(pass), models(), context),
                plan,
                reading.partitioner(),
                START_RETRY,
                STOP_LIMIT,
                Clock.systemUTC()));
        node.started().toCompletableFuture().join();
        return node;
    }

    @Override
    public void close() {
        broker.close();
        try {
            Folders.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
