package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelManifestCodec;
import io.outrider.core.port.ModelCatalog;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code models}, {@code models/{version}}: the manifest; {@code models/comparison}: metrics of two versions side by side. */
final class ModelRoutes extends AllDirectives {

    private final ModelCatalog models;

    ModelRoutes(ModelCatalog models) {
        this.models = models;
    }

    Route route() {
        return pathPrefix(
                "models",
                () -> concat(
                        pathEnd(() -> get(() -> completeWithFuture(list()))),
                        path(
                                "comparison",
                                () -> get(() -> extractRequest(request -> completeWithFuture(compare(request))))),
                        path(PathMatchers.segment(), version -> get(() -> completeWithFuture(show(version))))));
    }

    private CompletionStage<HttpResponse> list() {
        return models.models()
                .thenApply(listing -> Json.ok(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("items");
                    for (ModelCatalog.Registered model : listing.models()) {
                        summary(json, model);
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("damaged");
                    for (ModelCatalog.Damaged model : listing.damaged()) {
                        json.writeStartObject();
                        json.writeStringField("version", model.modelVersion());
                        json.writeStringField("reason", model.reason());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }));
    }

    private CompletionStage<HttpResponse> show(String version) {
        return find("version", version)
                .thenApply(model -> Json.ok(json ->
                        json.writeRawValue(new String(ModelManifestCodec.encode(model), StandardCharsets.UTF_8))));
    }

    private CompletionStage<HttpResponse> compare(HttpRequest request) {
        return find("a", required(request, "a"))
                .thenCombine(
                        find("b", required(request, "b")),
                        (a, b) -> Json.ok(json -> {
                            json.writeStartObject();
                            json.writeStringField("a", a.version());
                            json.writeStringField("b", b.version());
                            json.writeArrayFieldStart("metrics");
                            TreeSet<String> names = new TreeSet<>(a.metrics().keySet());
                            names.addAll(b.metrics().keySet());
                            for (String name : names) {
                                json.writeStartObject();
                                json.writeStringField("name", name);
                                Json.number(json, "a", metric(a, name));
                                Json.number(json, "b", metric(b, name));
                                json.writeEndObject();
                            }
                            json.writeEndArray();
                            json.writeEndObject();
                        }));
    }

    private static double metric(ModelManifest model, String name) {
        return model.metrics().getOrDefault(name, Double.NaN);
    }

    private static String required(HttpRequest request, String name) {
        String value = PageParameters.single(request, name);
        if (value == null || value.isBlank()) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.INVALID_PARAMETER, name, value, name + " must be the version of a model."));
        }
        return value;
    }

    /** @param parameter whose value the version is */
    private CompletionStage<ModelManifest> find(String parameter, String version) {
        return models.model(version)
                .thenApply(found -> found.orElseThrow(() -> new ProblemException(Problem.ofField(
                        ProblemType.UNKNOWN_MODEL, parameter, version, "No registered model has this version."))));
    }

    private static void summary(JsonGenerator json, ModelCatalog.Registered registered) throws IOException {
        ModelManifest model = registered.manifest();
        json.writeStartObject();
        json.writeStringField("version", model.version());
        json.writeStringField("stage", registered.stage());
        json.writeStringField("registeredAt", registered.registeredAt().toString());
        json.writeStringField("plan", model.plan().name());
        json.writeArrayFieldStart("ensembles");
        for (ModelManifest.Ensemble ensemble : model.ensembles()) {
            json.writeString(ensemble.name());
        }
        json.writeEndArray();
        json.writeStringField("dataFrom", model.origin().dataFrom().toString());
        json.writeStringField("dataTo", model.origin().dataTo().toString());
        json.writeNumberField("rows", model.origin().rows());
        Json.number(json, "threshold", model.threshold());
        Lineage lineage = model.lineage();
        Json.text(
                json,
                "dataset",
                lineage == null
                        ? null
                        : lineage.dataset().name() + ":" + lineage.dataset().version());
        json.writeArrayFieldStart("parents");
        if (lineage != null) {
            for (String parent : lineage.parents()) {
                json.writeString(parent);
            }
        }
        json.writeEndArray();
        json.writeObjectFieldStart("metrics");
        for (Map.Entry<String, Double> metric : model.metrics().entrySet()) {
            Json.number(json, metric.getKey(), metric.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
