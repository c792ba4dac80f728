package io.outrider.training.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a stub of a workspace's MLflow and of Azure Resource Manager that takes no other request than the documented one:
 * {@code ModelVersions_CreateOrUpdate} of {@code Microsoft.MachineLearningServices}, 2024-04-01. Azure itself has never been asked.
 */
class WorkspaceModelsTest {

    private static final String WORKSPACE =
            "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-outrider"
                    + "/providers/Microsoft.MachineLearningServices/workspaces/mlw-outrider";

    private static final Pattern VERSION_PATH = Pattern.compile(
            Pattern.quote(WORKSPACE) + "/models/([A-Za-z0-9][A-Za-z0-9._-]{0,254})/versions/([1-9]\\d*)");
    private static final Pattern PLACE = Pattern.compile("azureml://subscriptions/00000000-1111-2222-3333-444444444444"
            + "/resourcegroups/rg-outrider/workspaces/mlw-outrider/datastores/models/paths/(.+[^/])");

    /** Of {@code ModelVersion} in that version of the API. */
    private static final Set<String> PROPERTIES = Set.of(
            "description",
            "flavors",
            "isAnonymous",
            "isArchived",
            "jobName",
            "modelType",
            "modelUri",
            "properties",
            "stage",
            "tags");

    private static final Set<String> TYPES = Set.of("mlflow_model", "custom_model", "triton_model");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final Map<String, JsonNode> registered = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();
    private final LiveMetrics metrics = new LiveMetrics();
    private BlobStore lake;
    private HttpServer server;
    private String version;
    private int forbidden;

    @BeforeEach
    void start() throws IOException {
        lake = new FolderBlobStore(folder);
        Model model = MadeModel.model();
        version = model.manifest().version();
        new ModelFiles(lake, "transactions").save(model);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aModelIsRegisteredByItsPlaceInTheLakeOnceWhateverRunsMadeIt() throws IOException {
        MlflowOutbox outbox = outbox();
        outbox.add(run("1"));
        assertThat(outbox.deliver()).isEqualTo(new MlflowOutbox.Left(0, ""));
        JsonNode properties = Objects.requireNonNull(registered.get("outrider-transactions:1772366400"))
                .path("properties");
        assertThat(properties.path("tags").path("outrider.model_version").asText())
                .isEqualTo(version);
        assertThat(properties.path("tags").path("mlflow.run_id").asText()).isEqualTo("r1");
        assertThat(new ModelFiles(lake, "transactions").versions()).containsExactly(version);
        assertThat(asked).doesNotContain("PUT 400").noneMatch(request -> request.contains("artifacts"));

        outbox.add(run("1"));
        outbox.add(run("2", 1_772_370_000_000L));
        assertThat(outbox.deliver().runs()).isZero();
        assertThat(registered).hasSize(1);
        assertThat(metrics.trackingRefused.sum()).isZero();
    }

    @Test
    void whatAzureDoesNotTakeNowStaysInTheOutbox() throws IOException {
        forbidden = 1;
        MlflowOutbox outbox = outbox();
        outbox.add(run("1"));
        MlflowOutbox.Left left = outbox.deliver();
        assertThat(left.runs()).isOne();
        assertThat(left.why())
                .isEqualTo("Azure ML answered model " + version + " with 403: {\"error\":{\"code\":\"A\"}}");
        assertThat(registered).isEmpty();
        assertThat(outbox.deliver().runs()).isZero();
        assertThat(registered).hasSize(1);
    }

    @Test
    void aRunWithoutAModelRegistersNone() throws IOException {
        MlflowOutbox outbox = outbox();
        outbox.add(new TrackedRun(
                "1",
                "transactions",
                "",
                List.of("too few rows"),
                1,
                2,
                Map.of(),
                Map.of(),
                run("1").dataset(),
                Map.of()));
        assertThat(outbox.deliver().runs()).isZero();
        assertThat(registered).isEmpty();
    }

    @Test
    void theWorkspaceIsTheOneOfTheTrackingAddress() {
        WorkspaceSettings workspace = settings("azureml://westeurope.api.azureml.ms/mlflow/v1.0" + WORKSPACE)
                .workspace()
                .orElseThrow();
        assertThat(workspace.resource()).isEqualTo(WORKSPACE);
        assertThat(workspace.resourceManager()).isEqualTo("https://management.azure.com");
        assertThatThrownBy(() -> settings("azureml://westeurope.api.azureml.ms/mlflow/v1.0/workspaces/w"))
                .hasMessageContaining("that names a workspace");
        assertThatThrownBy(() -> settings("http://127.0.0.1:5000"))
                .hasMessageContaining("outrider.mlflow.azure.datastore is for")
                .hasMessageEndingWith("not http:");
    }

    private static MlflowSettings settings(String uri) {
        Config config = ConfigFactory.parseMap(
                Map.of("outrider.mlflow.tracking-uri", uri, "outrider.mlflow.azure.datastore", "models"));
        return MlflowSettings.from(config.withFallback(ConfigFactory.load())).orElseThrow();
    }

    /** As of a workspace, but for the addresses. */
    private MlflowOutbox outbox() {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        Duration timeout = Duration.ofSeconds(20);
        TrackingHttp.Tokens tokens = () -> "entra";
        MlflowSettings mlflow =
                new MlflowSettings(URI.create(base), "outrider", "", timeout, new MlflowSettings.Azure(base, ""));
        WorkspaceSettings workspace =
                WorkspaceSettings.of(URI.create("azureml://host/mlflow/v1.0" + WORKSPACE), base, "models");
        return new MlflowOutbox(
                lake,
                new MlflowTracker(
                        new MlflowApi(mlflow, tokens, Tracing.OFF),
                        "outrider",
                        lake,
                        Optional.of(new WorkspaceModels(workspace, timeout, tokens, Tracing.OFF, lake))),
                metrics);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = 200;
        String text = path.endsWith("get-by-name")
                ? "{\"experiment\":{\"experiment_id\":\"3\"}}"
                : "{\"run\":{\"info\":{\"run_id\":\"r1\",\"artifact_uri\":\"azureml://artifacts/r1\"}}}";
        if (path.startsWith("/subscriptions/")) {
            status = forbidden-- > 0 ? 403 : register(exchange, path, body);
            text = status < 300 ? new String(body, StandardCharsets.UTF_8) : "{\"error\":{\"code\":\"A\"}}";
        }
        asked.add(exchange.getRequestMethod() + " " + (path.startsWith("/subscriptions/") ? status : path));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** 201 for a new version, 200 for one that is there with the same; 400 for whatever is not as documented. */
    private int register(HttpExchange exchange, String path, byte[] body) throws IOException {
        Matcher named = VERSION_PATH.matcher(path);
        JsonNode json = JSON.readTree(body);
        JsonNode properties = json.path("properties");
        Matcher place = PLACE.matcher(properties.path("modelUri").asText());
        boolean documented = exchange.getRequestMethod().equals("PUT")
                && "api-version=2024-04-01".equals(exchange.getRequestURI().getQuery())
                && "Bearer entra".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                && "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                && named.matches()
                && json.size() == 1
                && PROPERTIES.containsAll(names(properties))
                && TYPES.contains(properties.path("modelType").asText())
                && properties.path("tags").properties().stream()
                        .allMatch(tag -> tag.getValue().isTextual())
                && place.matches();
        if (!documented || !isModelFolder("models/" + place.group(1) + "/")) {
            return 400;
        }
        JsonNode before = registered.put(named.group(1) + ":" + named.group(2), json);
        return before == null ? 201 : before.equals(json) ? 200 : 409;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Whether it is what Azure ML and MLflow take for a model: the file that says so, and all that it names. */
    private boolean isModelFolder(String place) throws IOException {
        Optional<BlobStore.Blob> description = lake.get(place + "MLmodel");
        for (String file : List.of("model.onnx", "conda.yaml", "python_env.yaml", "requirements.txt")) {
            if (lake.get(place + file).isEmpty()) {
                return false;
            }
        }
        return description.isPresent()
                && new String(description.get().content(), StandardCharsets.UTF_8)
                        .contains("outrider_model_version: " + version);
    }

    private TrackedRun run(String id) {
        return run(id, 1_772_366_400_123L);
    }

    private TrackedRun run(String id, long endedMs) {
        return new TrackedRun(
                id,
                "transactions",
                version,
                List.of(),
                1_772_366_000_000L,
                endedMs,
                Map.of("outrider.training.run.seed", "42"),
                Map.of("alert_rate", 0.01),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                Map.of());
    }
}
