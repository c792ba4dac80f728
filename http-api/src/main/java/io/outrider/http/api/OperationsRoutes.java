package io.outrider.http.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.outrider.core.port.NodeStatus;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** What machines ask: {@code /health/live}, {@code /health/ready}, {@code /metrics}, and {@code /openapi.yaml}. */
final class OperationsRoutes extends AllDirectives {

    private static final ContentType YAML = ContentTypes.parse("application/yaml; charset=UTF-8");

    private final NodeStatus status;
    private final MetricsText metrics;

    OperationsRoutes(NodeStatus status, MetricsText metrics) {
        this.status = status;
        this.metrics = metrics;
    }

    Route route() {
        return concat(
                pathPrefix(
                        "health",
                        () -> concat(
                                path("live", () -> get(() -> complete(live()))),
                                path("ready", () -> get(() -> extractRequest(request -> complete(ready())))))),
                path("metrics", () -> get(() -> extractRequest(request -> complete(metrics.response(request))))),
                path("openapi.yaml", () -> get(() -> complete(description()))));
    }

    /** That this is answered at all is the answer. */
    private static HttpResponse live() {
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeStringField("status", "live");
            json.writeEndObject();
        });
    }

    private HttpResponse ready() {
        NodeStatus.Snapshot node = status.snapshot();
        if (!node.ready()) {
            ArrayNode reasons = JsonNodeFactory.instance.arrayNode();
            node.reasons().forEach(reasons::add);
            throw new ProblemException(Problem.of(ProblemType.NOT_READY, String.join(" ", node.reasons()))
                    .with("reasons", reasons));
        }
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeStringField("status", "ready");
            Json.text(json, "modelVersion", node.modelVersion());
            json.writeNumberField("partitions", node.partitions().size());
            if (!node.warnings().isEmpty()) {
                Json.texts(json, "warnings", node.warnings());
            }
            json.writeEndObject();
        });
    }

    private static HttpResponse description() {
        try (InputStream in = OperationsRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is missing from the class path");
            }
            return HttpResponse.create().withEntity(HttpEntities.create(YAML, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read openapi.yaml", e);
        }
    }
}
