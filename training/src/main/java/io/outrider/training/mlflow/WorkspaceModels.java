package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The model registry of an Azure ML workspace, by Azure Resource Manager's REST API: a model stays in the lake, whose container of
 * models the workspace knows as a datastore, and is registered by its place there. What MLflow's layout has besides the model's own
 * files is put beside them, and once it is registered {@code azure-ml.txt} with the path that it has there, so that another run that
 * made the same model does not register it again. Thread-safe.
 */
final class WorkspaceModels {

    private static final String REGISTERED = "azure-ml.txt";
    private static final String API_VERSION = "2024-04-01";

    /** For the span's name. */
    private static final String TEMPLATE = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
            + "/providers/Microsoft.MachineLearningServices/workspaces/{workspace}/models/{name}/versions/{version}";

    private final WorkspaceSettings settings;
    private final TrackingHttp http;
    private final BlobStore lake;

    WorkspaceModels(
            WorkspaceSettings settings, Duration timeout, TrackingHttp.Tokens tokens, Tracing tracing, BlobStore lake) {
        this.settings = settings;
        this.http = new TrackingHttp("Azure ML", settings.resourceManager(), timeout, tokens, tracing);
        this.lake = lake;
    }

    /**
     * Registers a run's model, unless it is; once more changes nothing. Azure ML's versions are whole numbers: it is the second in which the run
     * ended, and the model's own version is a tag.
     *
     * @param mlflowRun the run's id in the workspace
     */
    void register(TrackedRun run, String mlflowRun, Model model) throws IOException {
        String folder = "models/" + run.plan() + "/" + run.modelVersion() + "/";
        String versions = settings.resource() + "/models/outrider-" + run.plan() + "/versions/";
        Optional<BlobStore.Blob> registered = lake.get(folder + REGISTERED);
        if (registered.isPresent()
                && new String(registered.get().content(), StandardCharsets.UTF_8).startsWith(versions)) {
            return;
        }
        for (Map.Entry<String, byte[]> file :
                new MlflowModel(model).files(mlflowRun).entrySet()) {
            if (!ModelFiles.isFile(file.getKey())) {
                lake.put(folder + file.getKey(), file.getValue());
            }
        }
        ObjectNode body = MlflowApi.body();
        ObjectNode properties = body.putObject("properties");
        properties.put("description", "Model " + run.modelVersion() + " of Outrider's feature plan " + run.plan());
        properties.put("modelType", "mlflow_model");
        properties.put("modelUri", settings.place(run.plan() + "/" + run.modelVersion()));
        ObjectNode tags = properties.putObject("tags");
        tags.put("outrider.model_version", run.modelVersion());
        tags.put("outrider.run_id", run.id());
        tags.put("mlflow.run_id", mlflowRun);
        String path = versions + run.endedMs() / 1_000;
        var unused = http.json(
                "model " + run.modelVersion(), http.send("PUT", TEMPLATE, path + "?api-version=" + API_VERSION, body));
        lake.put(folder + REGISTERED, path.getBytes(StandardCharsets.UTF_8));
    }
}
