package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.local.LocalPorts;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on a real broker, and a model that alerts on everything. */
class BadModelTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final AccountPartitioner PARTITIONER = AccountPartitioner.named("murmur2");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path brokerFolder;

    @TempDir
    Path lakeFolder;

    private final Config config =
            ConfigFactory.parseString("""
                    outrider.kafka.topics.partitions = 2
                    outrider.detection.barrier-interval = 1 s
                    outrider.rollout { publish-interval = 1 s, look-interval = 1 s, gate.min-events = 100 }
                    outrider.model.recipes.transactions.forest { trees = 4, sample-size = 32 }
                    """).withFallback(ConfigFactory.load()).resolve();
    private final Model good = model(config, 1, 2);
    private final Model bad = model(config, 2, -2);
    private int port;
    private int sent;

    /** What befalls the node. */
    private interface Story {
        void tell(OutriderNode node, Supplier<ConditionFactory> send);
    }

    private void onANode(Story story) throws Exception {
        FolderBlobStore lake = new FolderBlobStore(lakeFolder);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        models.save(good);
        assertThat(new StageFile(lake, PLAN.name()).readOrBegin(models, Clock.systemUTC()))
                .isPresent();
        try (EmbeddedBroker broker = EmbeddedBroker.start(brokerFolder, LocalPorts.free(0, "a port"));
                Topics topics = topics(config, broker)) {
            KafkaSettings kafka = KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers());
            TopicInfo transactions = topics.describe(kafka.topics().transactions());
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties());
                    OutriderNode node = OutriderNode.start(parts(config, kafka, lake, models, good))) {
                node.started().toCompletableFuture().get(2, TimeUnit.MINUTES);
                port = node.port();
                assertThat(champion()).isEqualTo(version(good));
                models.save(bad);
                story.tell(node, () -> send(producer, transactions));
            }
        }
    }

    @Test
    void aModelThatAlertsOnEverythingIsRefusedAndPromotedByForceIsRolledBackByItselfWithinAMinute() throws Exception {
        onANode((node, send) -> {
            post("rollout", "{\"action\":\"shadow\",\"modelVersion\":\"" + version(bad) + "\"}", 200);
            send.get().until(() -> shadowed() >= 100);
            JsonNode refused = post("models/" + version(bad) + "/promote", "", 409);
            assertThat(refused.path("reasons").get(0).asText()).contains("it would have raised");

            long promoted = System.nanoTime();
            post("models/" + version(bad) + "/promote", "{\"force\":true,\"by\":\"ann\"}", 200);
            send.get()
                    .until(() -> champion().equals(version(good))
                            && version(good).equals(node.status().snapshot().modelVersion())
                            && alertsOf(node, version(bad)) > 0);
            Duration took = Duration.ofNanos(System.nanoTime() - promoted);
            System.out.println("promoted to rolled back: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofMinutes(1));
            assertRolledBack(node);
        });
    }

    @Test
    void aCanaryThatAlertsOnEverythingIsTakenBackByItselfWhileTheChampionGoesOn() throws Exception {
        onANode((node, send) -> {
            post("rollout", "{\"action\":\"canary\",\"modelVersion\":\"" + version(bad) + "\",\"share\":0.3}", 200);
            send.get()
                    .until(() -> alertsOf(node, version(bad)) > 0
                            && rollout().path("canary").isNull());
            assertRolledBack(node);
            assertThat(champion()).isEqualTo(version(good));
            assertThat(rollout().path("archived").get(0).asText()).isEqualTo(version(bad));
            assertThat(node.alerts().page(null, null, 1_000).items())
                    .filteredOn(alert -> alert.modelVersion().equals(version(bad)))
                    .allSatisfy(alert -> assertThat(new Canary(version(bad), 0.3)
                                    .takes(alert.transaction().account()))
                            .isTrue());

            long decided = events("champion");
            send.get().until(() -> events("champion") >= decided + 200);
            long late = alertsOf(node, version(bad));
            send.get().until(() -> events("champion") >= decided + 400);
            assertThat(alertsOf(node, version(bad))).as("it decides no more").isEqualTo(late);
        });
    }

    private void assertRolledBack(OutriderNode node) {
        JsonNode entry = rollout().path("audit").get(0);
        assertThat(entry.path("action").asText()).isEqualTo("rollback");
        assertThat(entry.path("by").asText()).isEqualTo("the breaker");
        assertThat(entry.path("modelVersion").asText()).isEqualTo(version(bad));
        assertThat(entry.path("reason").asText()).contains("were predicted");
        assertThat(node.metrics().rollbacks.sum()).isOne();
    }

    private String champion() {
        return rollout().path("champion").path("modelVersion").asText();
    }

    private long events(String stage) {
        return rollout().path(stage).path("events").asLong();
    }

    private long alertsOf(OutriderNode node, String version) {
        return node.alerts().page(null, null, 1_000).items().stream()
                .filter(alert -> alert.modelVersion().equals(version))
                .filter(alert -> alert.receipt().context().modelVersion().equals(version))
                .count();
    }

    /** Polls a condition, sending some transactions each time. */
    private ConditionFactory send(KafkaProducer<byte[], byte[]> producer, TopicInfo topic) {
        AccountRecords records = new AccountRecords(topic, PARTITIONER);
        TransactionEncoder encoder = new TransactionEncoder(PLAN.schema());
        return await().atMost(Duration.ofMinutes(2)).pollInterval((count, before) -> {
            for (int i = 0; i < 10; i++) {
                Transaction next = transaction(sent++, System.currentTimeMillis());
                var unused = producer.send(records.of(next.account(), encoder.encode(next)));
            }
            return Duration.ofMillis(100);
        });
    }

    private long shadowed() {
        return rollout().path("challenger").path("shadow").path("events").asLong();
    }

    private JsonNode rollout() {
        return ask(HttpRequest.newBuilder(uri("rollout")), 200);
    }

    private JsonNode post(String path, String body, int status) {
        return ask(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                status);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
    }

    private static JsonNode ask(HttpRequest.Builder request, int status) {
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NodeParts parts(
            Config config, KafkaSettings kafka, FolderBlobStore lake, ModelFiles models, Model first) {
        return new NodeParts(
                config,
                EnumSet.allOf(Role.class),
                kafka,
                HttpSettings.of(config).withPort(LocalPorts.free(0, "a port")),
                () -> new Storage(lake, models, new ContextRef(version(first), 0)),
                PLAN,
                PARTITIONER,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Clock.systemUTC());
    }

    private static Topics topics(Config config, EmbeddedBroker broker) throws IOException {
        Topics topics = new Topics(KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers()));
        topics.createMissing();
        return topics;
    }

    private static String version(Model model) {
        return model.manifest().version();
    }

    private static Transaction transaction(int number, long timeMs) {
        return new Transaction(
                "t" + number,
                "account-" + number % 50,
                20 + number % 7,
                timeMs,
                "m" + number % 9,
                null,
                null,
                null,
                null);
    }

    /** Its threshold lies this much above the highest score of a small history, or below the lowest. */
    private static Model model(Config config, long seed, double above) {
        ModelManifest.Plan plan = new ModelManifest.Plan(
                PLAN.name(),
                PLAN.fingerprint(),
                PLAN.features().stream().map(feature -> feature.name()).toList());
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        double[] vector = new double[PLAN.size()];
        var state = PLAN.newState();
        for (int i = 0; i < 1_000; i++) {
            PLAN.apply(state, transaction(i, 1_700_000_000_000L + i * 60_000L), MerchantRisk.NONE, vector);
            rows.add(vector);
        }
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, seed);
        double[] raw = score.raw(rows);
        double edge = above > 0
                ? Arrays.stream(raw).max().orElseThrow()
                : Arrays.stream(raw).min().orElseThrow();
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        new PolicyTerms(edge + 50 * above, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin(
                                "test", seed, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
