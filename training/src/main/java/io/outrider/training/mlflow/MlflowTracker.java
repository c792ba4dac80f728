package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells one run to an MLflow server. Telling it again, after an attempt that broke off, goes on with the run that is there: it is found
 * by a tag with its id.
 */
final class MlflowTracker {

    private static final String ID = "outrider.run_id";
    private static final String MODEL_VERSION = "outrider.model_version";
    private static final String ARTIFACTS = "mlflow-artifacts:/";

    /** What the API takes in one batch. */
    private static final int PARAMETERS_AT_ONCE = 100;

    private static final int METRICS_AT_ONCE = 1_000;
    private static final int LONGEST_PARAMETER = 500;
    private static final int LONGEST_TAG = 5_000;

    private final MlflowApi api;
    private final String experiment;
    private final BlobStore lake;
    private final Optional<WorkspaceModels> workspace;

    /** @param workspace the registry that takes models by their place in the lake; empty where the server keeps them itself */
    MlflowTracker(MlflowApi api, String experiment, BlobStore lake, Optional<WorkspaceModels> workspace) {
        this.api = api;
        this.experiment = experiment;
        this.lake = lake;
        this.workspace = workspace;
    }

    void tell(TrackedRun run) throws IOException {
        JsonNode info = begin(run);
        String id = info.path("run_id").asText();
        logParameters(id, run);
        logMetrics(id, run);
        logDataset(id, run.dataset());
        end(id, run);
        if (!run.modelVersion().isEmpty()) {
            if (workspace.isPresent()) {
                workspace.get().register(run, id, model(run));
            } else {
                logModel(id, info.path("artifact_uri").asText(), run);
            }
        }
    }

    private Model model(TrackedRun run) throws IOException {
        ModelFiles models = new ModelFiles(lake, run.plan());
        if (!models.versions().contains(run.modelVersion())) {
            throw new TrackingHttp.RefusedException("model " + run.modelVersion() + " is in the registry no more");
        }
        return models.load(run.modelVersion());
    }

    /** Before the model goes there, so that a store that takes none leaves no run open. */
    private void end(String id, TrackedRun run) throws IOException {
        ObjectNode end = MlflowApi.body();
        end.put("run_id", id);
        end.put("status", run.modelVersion().isEmpty() ? "FAILED" : "FINISHED");
        end.put("end_time", run.endedMs());
        api.post("runs/update", end);
    }

    private String experimentId() throws IOException {
        Optional<JsonNode> known = api.get("experiments/get-by-name", "experiment_name", experiment);
        if (known.isPresent()) {
            return known.get().path("experiment").path("experiment_id").asText();
        }
        ObjectNode create = MlflowApi.body();
        create.put("name", experiment);
        api.create("experiments/create", create); // another run may have done so meanwhile
        return api.get("experiments/get-by-name", "experiment_name", experiment)
                .orElseThrow(() -> new IOException("MLflow has made experiment " + experiment + ", and has none"))
                .path("experiment")
                .path("experiment_id")
                .asText();
    }

    private JsonNode begin(TrackedRun run) throws IOException {
        String experimentId = experimentId();
        ObjectNode search = MlflowApi.body();
        search.putArray("experiment_ids").add(experimentId);
        search.put("filter", "tags.`" + ID + "` = '" + run.id() + "'");
        search.put("max_results", 1);
        JsonNode found = api.post("runs/search", search).path("runs");
        if (!found.isEmpty()) {
            return found.get(0).path("info");
        }
        ObjectNode create = MlflowApi.body();
        create.put("experiment_id", experimentId);
        create.put("run_name", name(run));
        create.put("start_time", run.startedMs());
        ArrayNode tags = create.putArray("tags");
        pair(tags, ID, run.id());
        pair(tags, "outrider.plan", run.plan());
        pair(tags, "mlflow.source.name", "outrider train");
        pair(tags, "mlflow.source.type", "JOB");
        if (!run.refused().isEmpty()) {
            pair(tags, "outrider.refused", shortened(String.join("; ", run.refused()), LONGEST_TAG));
        }
        run.tags().forEach((key, value) -> pair(tags, key, shortened(value, LONGEST_TAG)));
        return api.post("runs/create", create).path("run").path("info");
    }

    private static String name(TrackedRun run) {
        if (!run.modelVersion().isEmpty()) {
            return run.modelVersion();
        }
        return (run.refused().isEmpty() ? "failed " : "refused ") + run.id();
    }

    private void logParameters(String id, TrackedRun run) throws IOException {
        List<Map.Entry<String, String>> all = new ArrayList<>(run.parameters().entrySet());
        for (int from = 0; from < all.size(); from += PARAMETERS_AT_ONCE) {
            ObjectNode batch = MlflowApi.body();
            batch.put("run_id", id);
            ArrayNode params = batch.putArray("params");
            for (Map.Entry<String, String> one : all.subList(from, Math.min(all.size(), from + PARAMETERS_AT_ONCE))) {
                pair(params, one.getKey(), shortened(one.getValue(), LONGEST_PARAMETER));
            }
            api.post("runs/log-batch", batch);
        }
    }

    private void logMetrics(String id, TrackedRun run) throws IOException {
        List<Map.Entry<String, Double>> all = new ArrayList<>(run.metrics().entrySet());
        for (int from = 0; from < all.size(); from += METRICS_AT_ONCE) {
            ObjectNode batch = MlflowApi.body();
            batch.put("run_id", id);
            ArrayNode metrics = batch.putArray("metrics");
            for (Map.Entry<String, Double> one : all.subList(from, Math.min(all.size(), from + METRICS_AT_ONCE))) {
                ObjectNode metric = metrics.addObject();
                metric.put("key", one.getKey());
                metric.put("value", one.getValue());
                metric.put("timestamp", run.endedMs());
                metric.put("step", 0);
            }
            api.post("runs/log-batch", batch);
        }
    }

    private void logDataset(String id, TrackedRun.Dataset dataset) throws IOException {
        ObjectNode inputs = MlflowApi.body();
        inputs.put("run_id", id);
        ObjectNode input = inputs.putArray("datasets").addObject();
        pair(input.putArray("tags"), "mlflow.data.context", "training");
        ObjectNode described = input.putObject("dataset");
        described.put("name", dataset.name() + ":" + dataset.version());
        described.put("digest", dataset.digest());
        described.put("source_type", "outrider");
        described.put("source", "{\"dataset\": \"" + dataset.name() + "\", \"version\": " + dataset.version() + "}");
        described.put("profile", "{\"num_rows\": " + dataset.rows() + "}");
        api.post("runs/log-inputs", inputs);
    }

    /** A run's own copy of the model, which is registered unless that of another run is: trained again, it is the same model. */
    private void logModel(String id, String artifacts, TrackedRun run) throws IOException {
        if (!artifacts.startsWith(ARTIFACTS)) {
            throw new UnsupportedStoreException("the run's artifacts lie at " + artifacts
                    + ", where this program cannot put any: it puts them through a server that keeps them ("
                    + ARTIFACTS + ")");
        }
        MlflowModel model = new MlflowModel(model(run));
        String folder = artifacts.substring(ARTIFACTS.length()).replaceFirst("^/+", "") + "/model/";
        for (Map.Entry<String, byte[]> file : model.files(id).entrySet()) {
            api.putArtifact(folder + file.getKey(), file.getValue());
        }
        String name = "outrider-" + run.plan();
        ObjectNode registered = MlflowApi.body();
        registered.put("name", name);
        api.create("registered-models/create", registered);
        String same = "name = '" + name + "' and tags.`" + MODEL_VERSION + "` = '" + run.modelVersion() + "'";
        Optional<JsonNode> known = api.get("model-versions/search", "filter", same);
        if (known.isPresent() && !known.get().path("model_versions").isEmpty()) {
            return;
        }
        ObjectNode version = MlflowApi.body();
        version.put("name", name);
        version.put("source", artifacts + "/model");
        version.put("run_id", id);
        pair(version.putArray("tags"), MODEL_VERSION, run.modelVersion());
        api.post("model-versions/create", version);
    }

    private static String shortened(String text, int longest) {
        return text.substring(0, Math.min(longest, text.length()));
    }

    private static void pair(ArrayNode to, String key, String value) {
        ObjectNode one = to.addObject();
        one.put("key", key);
        one.put("value", value);
    }

    /** The run is told, but its model can't be put where the server wants it. */
    static final class UnsupportedStoreException extends IOException {

        private static final long serialVersionUID = 1;

        UnsupportedStoreException(String message) {
            super(message);
        }
    }
}
