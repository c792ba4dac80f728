package io.outrider.app.bench.world;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.node.NodeParts;
import io.outrider.app.node.OutriderNode;
import io.outrider.app.node.Role;
import io.outrider.app.node.Storage;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
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

/** What all passes share: a broker with the events in it, and a model fitted on traffic of the same kind. */
public final class BenchWorld implements AutoCloseable {

    /** How much event time a backlog covers. */
    public static final Duration HISTORY = Duration.ofDays(30);

    private static final Duration START_RETRY = Duration.ofMillis(200);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final int MODEL_ACCOUNTS = 2_000;
    private static final long MODEL_EVENTS = 120_000;
    private static final long SEED = 42;

    private final Path directory;
    private final BrokerProcess broker;
    private final BenchKafka kafka;
    private final ContextRef context;

    private BenchWorld(Path directory, BrokerProcess broker, ContextRef context) {
        this.directory = directory;
        this.broker = broker;
        this.kafka = new BenchKafka(broker.bootstrapServers());
        this.context = context;
    }

    /** Starts the broker, creates the topics and fits the model on a small past of equally busy accounts. */
    public static BenchWorld create() throws IOException {
        return create(AccountDraw.of("uniform", MODEL_ACCOUNTS), MODEL_EVENTS);
    }

    /** The same with a model of such accounts' past, of so many events. */
    public static BenchWorld create(AccountDraw accounts, long events) throws IOException {
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

    /** Where all that this world needs may be put; gone when it is closed. */
    public Path directory() {
        return directory;
    }

    /** Topics and events. */
    public BenchKafka kafka() {
        return kafka;
    }

    public ContextRef context() {
        return context;
    }

    public ModelFiles models() throws IOException {
        return new ModelFiles(
                new FolderBlobStore(directory.resolve("models")), kafka.plan().name());
    }

    /** The lake of the pass's own. */
    public BlobStore lake(String pass) throws IOException {
        return new FolderBlobStore(directory.resolve("lake-" + pass));
    }

    /** Starts a whole node, as {@code local} does, with a lake of its own. */
    public OutriderNode node(String pass, Config config) throws IOException {
        OutriderNode node = OutriderNode.start(new NodeParts(
                config,
                EnumSet.allOf(Role.class),
                KafkaSettings.from(config),
                HttpSettings.of(config).withPort(0),
                () -> new Storage(lake(pass), models(), context),
                kafka.plan(),
                kafka.reading().partitioner(),
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
