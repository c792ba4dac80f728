package io.outrider.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.outrider.core.port.Rollouts;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutJson;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET rollout}: stages, how the models do, what the gate says. {@code POST rollout}: shadow or canary. {@code POST
 * models/{version}/promote} and {@code POST models/rollback}. Bodies of the last two may be left out.
 */
final class RolloutRoutes extends AllDirectives {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final long MAX_BYTES = 10_000;

    private final Rollouts rollouts;

    RolloutRoutes(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    Route route() {
        return concat(
                path(
                        "rollout",
                        () -> concat(
                                get(() -> completeWithFuture(answer(rollouts.rollout()))),
                                post(() -> body(body -> completeWithFuture(change(asked(body), body)))))),
                path(
                        PathMatchers.segment("models").slash("rollback"),
                        () -> post(() -> body(body -> completeWithFuture(change(new RolloutChange.Rollback(), body))))),
                path(
                        PathMatchers.segment("models")
                                .slash(PathMatchers.segment())
                                .slash("promote"),
                        version -> post(() -> body(body -> completeWithFuture(
                                change(new RolloutChange.Promote(version, truth(body, "force")), body))))));
    }

    private CompletionStage<HttpResponse> change(RolloutChange change, JsonNode body) {
        return answer(rollouts.change(
                change, text(body, "by", "somebody over the API"), text(body, "reason", "no reason given")));
    }

    private static CompletionStage<HttpResponse> answer(CompletionStage<RolloutView> view) {
        return view.handle((found, failure) -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof RolloutRefusedException refused) {
                throw new ProblemException(problem(refused));
            }
            if (cause != null) {
                throw new CompletionException(cause);
            }
            return Json.ok(json -> RolloutJson.write(json, found));
        });
    }

    private static Problem problem(RolloutRefusedException refused) {
        ArrayNode reasons = JsonNodeFactory.instance.arrayNode();
        refused.reasons().forEach(reasons::add);
        ProblemType type = refused.byGate() ? ProblemType.GATE_REFUSED : ProblemType.ROLLOUT_REFUSED;
        return Problem.of(type, String.valueOf(refused.getMessage())).with("reasons", reasons);
    }

    private static RolloutChange asked(JsonNode body) {
        String action = text(body, "action", "");
        return switch (action) {
            case "shadow" -> new RolloutChange.Shadow(version(body));
            case "end-shadow" -> new RolloutChange.Shadow(null);
            case "canary" -> new RolloutChange.Canary(version(body), share(body));
            default -> throw invalid("action", action, "action must be shadow, end-shadow or canary");
        };
    }

    private static String version(JsonNode body) {
        String version = text(body, "modelVersion", "");
        if (version.isBlank()) {
            throw invalid("modelVersion", version, "modelVersion must name a model");
        }
        return version;
    }

    private static double share(JsonNode body) {
        JsonNode share = body.path("share");
        if (!share.isNumber() || !(share.doubleValue() > 0 && share.doubleValue() < 1)) {
            throw invalid("share", share.asText(), "share must be a number above 0 and below 1");
        }
        return share.doubleValue();
    }

    private static boolean truth(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw invalid(field, value.asText(), field + " must be true or false");
        }
        return value.asBoolean(false);
    }

    private static String text(JsonNode body, String field, String otherwise) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw invalid(field, value.asText(), field + " must be a string");
        }
        return value.isMissingNode() || value.textValue().isBlank() ? otherwise : value.textValue();
    }

    private static ProblemException invalid(String field, String value, String detail) {
        return new ProblemException(Problem.ofField(ProblemType.INVALID_BODY, field, value, detail));
    }

    private Route body(Function<JsonNode, Route> inner) {
        return withSizeLimit(
                MAX_BYTES,
                () -> extractStrictEntity(
                        READ_TIMEOUT,
                        entity -> inner.apply(object(entity.getData().toArray()))));
    }

    private static JsonNode object(byte[] content) {
        if (content.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode body = JSON.readTree(content);
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (IOException e) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is not JSON."));
        }
        throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is not one JSON object."));
    }
}
