package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.local.LocalPorts;
import io.outrider.app.telemetry.OtlpReceiver;
import io.outrider.app.telemetry.OtlpReceiver.Metric;
import io.outrider.app.telemetry.OtlpReceiver.Span;
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
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on a real broker, seen by what it tells an OTLP receiver. */
class TracedNodeTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    Path brokerFolder;

    @TempDir
    Path lakeFolder;

    @Test
    void aTransactionIsFollowedFromItsRequestToItsAlertAndMetricsAndJobsAreToldToo() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            Config config = ConfigFactory.parseString("""
                            outrider.telemetry.endpoint = "%s"
                            outrider.kafka.topics.partitions = 2
                            outrider.model.recipes.transactions.forest { trees = 4, sample-size = 32 }
                            """.formatted(receiver.url()))
                    .withFallback(ConfigFactory.load())
                    .resolve();
            runNode(config);
            List<Span> followed = receiver.spans().stream()
                    .filter(span -> span.traceId().equals(TRACE))
                    .toList();
            Span request = named(followed, "POST /api/v1/transactions");
            assertThat(request.parentId()).isEqualTo(CALLER);
            assertThat(request.kind()).as("server").isEqualTo(2);
            assertThat(request.attributes())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.route", "/api/v1/transactions")
                    .containsEntry("http.response.status_code", "202");
            assertThat(request.resource())
                    .containsEntry("service.name", "outrider")
                    .containsKey("service.instance.id");
            Span sent = named(followed, "send transactions");
            assertThat(sent.parentId()).isEqualTo(request.spanId());
            Span processed = named(followed, "process transactions");
            assertThat(processed.parentId()).isEqualTo(sent.spanId());
            assertThat(processed.kind()).as("consumer").isEqualTo(5);
            assertThat(processed.attributes())
                    .containsEntry("messaging.system", "kafka")
                    .containsEntry("messaging.kafka.offset", "0");
            assertThat(named(followed, "decide").parentId()).isEqualTo(processed.spanId());
            assertThat(named(followed, "decide").attributes()).containsEntry("outrider.alert", "true");
            Span alerted = named(followed, "send alerts");
            assertThat(alerted.parentId()).isEqualTo(processed.spanId());
            assertThat(followed).as("one of each").hasSize(5);

            Span run = named(receiver.spans(), "run etl");
            assertThat(run.attributes()).containsEntry("outrider.run.id", "etl-1");
            assertThat(receiver.spans())
                    .extracting(Span::name)
                    .noneMatch(name -> name.contains("health") || name.contains("account-7"));
            assertThat(receiver.spans())
                    .filteredOn(span -> span.name().equals("process transactions"))
                    .as("of the two records, the one that its producer traces")
                    .hasSize(1);

            assertMetrics(receiver.metrics());
        }
    }

    private void runNode(Config config) throws Exception {
        FolderBlobStore lake = new FolderBlobStore(lakeFolder);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        Model model = alertingOnEverything(config);
        models.save(model);
        try (EmbeddedBroker broker = EmbeddedBroker.start(brokerFolder, LocalPorts.free(0, "a port"))) {
            KafkaSettings kafka = KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers());
            try (Topics topics = new Topics(kafka)) {
                topics.createMissing();
            }
            NodeParts parts = new NodeParts(
                    config,
                    EnumSet.allOf(Role.class),
                    kafka,
                    HttpSettings.of(config).withPort(LocalPorts.free(0, "a port")),
                    () -> new Storage(
                            lake, models, new ContextRef(model.manifest().version(), 0)),
                    PLAN,
                    AccountPartitioner.named("murmur2"),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5),
                    Clock.systemUTC());
            try (OutriderNode node = OutriderNode.start(parts)) {
                node.started().toCompletableFuture().get(2, TimeUnit.MINUTES);
                send(node, "transactions", transaction(), "00-" + TRACE + "-" + CALLER + "-01", 202);
                await().atMost(PATIENCE).until(() -> alerts(node) == 1);
                assertThat(traceparent(kafka)).startsWith("00-" + TRACE + "-").endsWith("-01");
                send(node, "transactions", transaction(), "00-" + TRACE.replace('4', '5') + "-" + CALLER + "-00", 202);
                send(node, "etl/runs", new byte[0], null, 202);
                await().atMost(PATIENCE).until(() -> node.metrics().events.sum() == 2);
                await().atMost(PATIENCE).until(() -> ended(node));
            }
        }
    }

    private static void assertMetrics(List<Metric> metrics) {
        assertThat(metrics)
                .filteredOn(metric -> metric.name().equals("outrider.events"))
                .last()
                .satisfies(metric -> {
                    assertThat(metric.type()).isEqualTo("sum");
                    assertThat(metric.sum()).isEqualTo(2);
                });
        assertThat(metrics)
                .filteredOn(metric -> metric.name().equals("http.server.request.duration"))
                .last()
                .satisfies(metric -> {
                    assertThat(metric.type()).isEqualTo("histogram");
                    assertThat(metric.unit()).isEqualTo("s");
                    assertThat(metric.points())
                            .contains(Map.of(
                                    "url.scheme", "http",
                                    "http.request.method", "POST",
                                    "http.route", "/api/v1/transactions",
                                    "http.response.status_code", "202"));
                });
        assertThat(metrics)
                .filteredOn(metric -> metric.name().equals("jvm.memory.used"))
                .last()
                .satisfies(metric -> {
                    assertThat(metric.type()).isEqualTo("sum");
                    assertThat(metric.unit()).isEqualTo("By");
                    assertThat(metric.sum()).isPositive();
                });
        assertThat(metrics)
                .filteredOn(metric -> metric.name().equals("outrider.alert_latency"))
                .last()
                .extracting(Metric::unit)
                .isEqualTo("s");
    }

    private static Span named(List<Span> spans, String name) {
        assertThat(spans).extracting(Span::name).contains(name);
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static int alerts(OutriderNode node) {
        return node.alerts().page(null, null, 10).items().size();
    }

    private static boolean ended(OutriderNode node) throws IOException, InterruptedException {
        String runs = CLIENT.send(HttpRequest.newBuilder(uri(node, "etl/runs")).build(), BodyHandlers.ofString())
                .body();
        return runs.contains("\"succeeded\"") || runs.contains("\"failed\"");
    }

    private static void send(OutriderNode node, String path, byte[] body, @Nullable String traceparent, int status)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(node, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        var response = CLIENT.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    private static URI uri(OutriderNode node, String path) {
        return URI.create("http://127.0.0.1:" + node.port() + "/api/v1/" + path);
    }

    /** Of the first alert. */
    private static String traceparent(KafkaSettings kafka) {
        String topic = kafka.topics().alerts();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int i = 0; i < 100; i++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Header header = record.headers().lastHeader("traceparent");
                    assertThat(header).isNotNull();
                    return new String(header.value(), StandardCharsets.US_ASCII);
                }
            }
        }
        throw new AssertionError("no alert");
    }

    private static byte[] transaction() {
        return new TransactionEncoder(PLAN.schema()).encode(transaction(0, System.currentTimeMillis(), "account-7"));
    }

    private static Transaction transaction(int number, long timeMs, String account) {
        return new Transaction("t" + number, account, 20 + number % 7, timeMs, "m", null, null, null, null);
    }

    private static Model alertingOnEverything(Config config) {
        ModelManifest.Plan plan = new ModelManifest.Plan(
                PLAN.name(),
                PLAN.fingerprint(),
                PLAN.features().stream().map(feature -> feature.name()).toList());
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        double[] vector = new double[PLAN.size()];
        var state = PLAN.newState();
        for (int i = 0; i < 200; i++) {
            PLAN.apply(state, transaction(i, 1_700_000_000_000L + i * 60_000L, "a"), MerchantRisk.NONE, vector);
            rows.add(vector);
        }
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, 1);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(score.raw(rows)),
                        new PolicyTerms(-1_000, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin(
                                "test", 1, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
