package io.outrider.training.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against an MLflow of a few canned answers; the real one is held to by {@code .ci/mlflow}. */
class MlflowOutboxTest {

    @TempDir
    private Path folder;

    private BlobStore lake;
    private HttpServer server;
    private final List<String> asked = new ArrayList<>();
    private final LiveMetrics metrics = new LiveMetrics();
    private final CollectedSpans spans = new CollectedSpans();
    private final List<String> traced = new ArrayList<>();
    private int failing;
    private int missing;

    /** Models' own versions, one for each version of MLflow's registry. */
    private final List<String> registered = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        lake = new FolderBlobStore(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        traced.add(String.valueOf(exchange.getRequestHeaders().getFirst(Tracing.TRACEPARENT)));
        asked.add(path.substring(path.indexOf("mlflow/") + "mlflow/".length()) + " " + body);
        boolean fails = failing > 0 && path.endsWith("runs/log-batch");
        failing -= fails ? 1 : 0;
        String text = path.endsWith("get-by-name")
                ? "{\"experiment\":{\"experiment_id\":\"3\"}}"
                : path.endsWith("runs/create")
                        ? "{\"run\":{\"info\":{\"run_id\":\"r1\",\"artifact_uri\":\"mlflow-artifacts:/3/r1\"}}}"
                        : "{}";
        if (path.endsWith("model-versions/create")) {
            registered.add(new ObjectMapper()
                    .readTree(body)
                    .path("tags")
                    .path(0)
                    .path("value")
                    .asText());
        } else if (path.endsWith("model-versions/search")) {
            String filter = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
            boolean known = registered.stream()
                    .anyMatch(version -> filter.equals("filter=name = 'outrider-transactions'"
                            + " and tags.`outrider.model_version` = '" + version + "'"));
            text = known ? "{\"model_versions\":[{\"version\":\"1\"}]}" : "{}";
        }
        boolean lacking = missing > 0 && path.endsWith("get-by-name");
        missing -= lacking ? 1 : 0;
        if (path.endsWith("experiments/create")) {
            text = "{\"error_code\":\"RESOURCE_ALREADY_EXISTS\"}";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean refuses = path.endsWith("experiments/create") || body.contains("\"unspeakable\"");
        exchange.sendResponseHeaders(lacking ? 404 : refuses ? 400 : fails ? 503 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private MlflowOutbox outbox() {
        Config config = ConfigFactory.parseString("outrider.mlflow.tracking-uri = \"http://127.0.0.1:"
                        + server.getAddress().getPort() + "/\"")
                .withFallback(ConfigFactory.load());
        return MlflowOutbox.of(config, lake, metrics, spans.tracing()).orElseThrow();
    }

    private static TrackedRun refused(String id) {
        return refused(id, "outrider.training.run.seed");
    }

    private static TrackedRun made(String id, String version) {
        return new TrackedRun(
                id,
                "transactions",
                version,
                List.of(),
                1,
                2,
                Map.of(),
                Map.of(),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                Map.of());
    }

    private static TrackedRun tagged(String id, Map<String, String> tags) {
        return new TrackedRun(
                id,
                "transactions",
                "",
                List.of(),
                1,
                2,
                Map.of(),
                Map.of(),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                tags);
    }

    private static TrackedRun refused(String id, String parameter) {
        return new TrackedRun(
                id,
                "transactions",
                "",
                List.of("too few rows"),
                1,
                2,
                Map.of(parameter, "42"),
                Map.of("alert_rate", 0.01),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                Map.of());
    }

    @Test
    void whatTheServerCouldNotTakeStaysAndIsToldInOrderNextTime() throws IOException {
        failing = 1;
        MlflowOutbox outbox = outbox();
        outbox.add(refused("1"));
        outbox.add(refused("2"));
        MlflowOutbox.Left left = outbox.deliver();
        assertThat(left.runs()).isEqualTo(2);
        assertThat(left.why()).contains("runs/log-batch with 503");
        assertThat(lake.list("tracking/outbox/")).hasSize(2);

        assertThat(outbox.deliver().runs()).isZero();
        assertThat(lake.list("tracking/outbox/")).isEmpty();
        assertThat(asked)
                .anySatisfy(request -> assertThat(request)
                        .startsWith("runs/create")
                        .contains("too few rows")
                        .contains("outrider.run_id"));
        assertThat(asked)
                .anySatisfy(request ->
                        assertThat(request).startsWith("runs/log-inputs").contains("transactions:3"))
                .anySatisfy(
                        request -> assertThat(request).startsWith("runs/update").contains("FAILED"));
    }

    @Test
    void eachCallIsASpanUnderTheRunsAndMlflowIsToldOfIt() throws Exception {
        failing = 1;
        MlflowOutbox outbox = outbox();
        outbox.add(refused("1"));
        Span run = spans.tracing().span("run training", SpanKind.INTERNAL).startSpan();
        MlflowOutbox.Left left = Context.root().with(run).wrap(outbox::deliver).call();
        assertThat(left.runs()).isEqualTo(1);

        assertThat(spans.ended()).hasSizeGreaterThan(3).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).isEqualTo(run.getSpanContext().getSpanId());
            assertThat(span.getTraceId()).isEqualTo(run.getSpanContext().getTraceId());
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        });
        assertThat(spans.ended())
                .extracting(SpanData::getName)
                .contains("GET /api/2.0/mlflow/experiments/get-by-name", "POST /api/2.0/mlflow/runs/create");
        SpanData failed = spans.ended().get(spans.ended().size() - 1);
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("503");
        assertThat(traced).hasSameSizeAs(spans.ended()).last().asString().contains(failed.getSpanId());
    }

    @Test
    void aRunThatTheServerRefusesForGoodIsSetAsideWithItsReasonAndThoseBehindItAreTold() throws IOException {
        MlflowOutbox outbox = outbox();
        outbox.add(refused("1", "unspeakable"));
        lake.put("tracking/outbox/2.json", "{".getBytes(StandardCharsets.UTF_8));
        outbox.add(new TrackedRun(
                "3",
                "transactions",
                "20260301-gone",
                List.of(),
                1,
                2,
                Map.of(),
                Map.of(),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                Map.of()));
        outbox.add(refused("4"));

        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));

        assertThat(lake.list("tracking/outbox/")).isEmpty();
        assertThat(metrics.trackingRefused.sum()).isEqualTo(3);
        assertThat(text("tracking/refused/1.txt")).contains("runs/log-batch with 400");
        assertThat(text("tracking/refused/2.txt")).contains("2.json");
        assertThat(text("tracking/refused/3.txt")).isEqualTo("model 20260301-gone is in the registry no more");
        assertThat(asked)
                .anySatisfy(
                        request -> assertThat(request).startsWith("runs/create").contains("refused 4"));

        lake.put(
                "tracking/outbox/1.json",
                lake.get("tracking/refused/1.json").orElseThrow().content());
        assertThat(outbox.deliver().runs()).as("moved back, it is tried again").isZero();
        assertThat(metrics.trackingRefused.sum()).isEqualTo(4);
    }

    @Test
    void aRunOfBeforeThereWereTagsIsToldAndOneWithLongOnesIsShortened() throws IOException {
        MlflowOutbox outbox = outbox();
        ObjectMapper json = new ObjectMapper();
        ObjectNode before = (ObjectNode) json.readTree(DatasetJson.write(refused("1")));
        before.remove("tags");
        lake.put("tracking/outbox/1.json", json.writeValueAsBytes(before));
        outbox.add(tagged("2", Map.of("outrider.notes", "n".repeat(6_000))));

        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));

        assertThat(metrics.trackingRefused.sum()).isZero();
        assertThat(asked)
                .filteredOn(request -> request.startsWith("runs/create"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("too few rows").doesNotContain("outrider.notes"),
                        second -> assertThat(second)
                                .contains("\"outrider.notes\",\"value\":\"" + "n".repeat(5_000) + "\""));
    }

    @Test
    void aModelThatTwoRunsMadeIsRegisteredOnce() throws IOException {
        Model model = MadeModel.model();
        new ModelFiles(lake, "transactions").save(model);
        MlflowOutbox outbox = outbox();
        outbox.add(made("1", model.manifest().version()));
        outbox.add(made("2", model.manifest().version()));

        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));

        assertThat(registered).containsExactly(model.manifest().version());
        assertThat(asked).filteredOn(request -> request.contains("FINISHED")).hasSize(2);
    }

    @Test
    void aRunThatFailedIsToldAsFailedWithTheReason() throws IOException {
        MlflowOutbox outbox = outbox();
        outbox.add(tagged("1-failed", Map.of("outrider.failed", "part-0.parquet is damaged")));

        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));

        assertThat(asked)
                .anySatisfy(request -> assertThat(request)
                        .startsWith("runs/create")
                        .contains("failed 1-failed", "part-0.parquet is damaged"))
                .anySatisfy(
                        request -> assertThat(request).startsWith("runs/update").contains("FAILED"));
    }

    private String text(String name) throws IOException {
        return new String(lake.get(name).orElseThrow().content(), StandardCharsets.UTF_8);
    }

    @Test
    void anExperimentThatAnotherRunMakesMeanwhileIsTaken() throws IOException {
        missing = 1;
        MlflowOutbox outbox = outbox();
        outbox.add(refused("1"));
        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));
        assertThat(metrics.trackingRefused.sum()).isZero();
        assertThat(asked).anySatisfy(request -> assertThat(request).startsWith("experiments/create"));
    }

    @Test
    void spaceAroundATokenIsNotPartOfItAndOneWithALineBreakIsRefusedUnread() {
        assertThat(token("secret\n")).isEqualTo("secret");
        assertThatThrownBy(() -> token("sec\nret"))
                .hasMessageStartingWith("outrider.mlflow.token must be of visible ASCII characters")
                .hasMessageNotContaining("sec");
    }

    private static String token(String token) {
        return MlflowSettings.from(ConfigFactory.parseMap(Map.of(
                                "outrider.mlflow.tracking-uri", "http://127.0.0.1", "outrider.mlflow.token", token))
                        .withFallback(ConfigFactory.load()))
                .orElseThrow()
                .token();
    }

    @Test
    void whatIsYoungerThanAskedForIsLeftToWhoeverPutItThere() throws IOException {
        MlflowOutbox outbox = outbox();
        outbox.add(refused("1"));
        assertThat(outbox.deliverBefore(1).runs()).isZero();
        assertThat(asked).isEmpty();
        assertThat(lake.list("tracking/outbox/")).hasSize(1);
    }

    @Test
    void aServerThatIsAwayLosesNothing() throws IOException {
        MlflowOutbox outbox = outbox();
        server.stop(0);
        outbox.add(refused("1"));
        assertThat(outbox.deliver().runs()).isEqualTo(1);
        assertThat(lake.list("tracking/outbox/")).hasSize(1);
    }

    @Test
    void aWorkspaceIsAskedOverHttpsAndOtherSchemesAreRefused() {
        Config workspace = ConfigFactory.parseString(
                        "outrider.mlflow.tracking-uri = \"azureml://eastus.api.azureml.ms/mlflow/v1.0/workspaces/w?a=b\"")
                .withFallback(ConfigFactory.load());
        assertThat(MlflowSettings.from(workspace).orElseThrow().base())
                .isEqualTo("https://eastus.api.azureml.ms/mlflow/v1.0/workspaces/w");
        assertThat(MlflowOutbox.of(ConfigFactory.load(), lake, metrics, Tracing.OFF))
                .isEmpty();
        assertThatThrownBy(() ->
                        MlflowSettings.from(ConfigFactory.parseString("outrider.mlflow.tracking-uri = \"file:mlruns\"")
                                .withFallback(ConfigFactory.load())))
                .hasMessageContaining("outrider.mlflow.tracking-uri")
                .hasMessageContaining("not file:");
    }
}
