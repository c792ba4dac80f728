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
import io.outrider.http.HttpSettings;
import io.outrider.http.access.Caller;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET rollout}: stages, how the models do, what the gate says. {@code POST rollout}: shadow or canary. {@code POST
 * models/{version}/promote} and {@code POST models/rollback}. Bodies of the last two may be left out.
 */
final class RolloutRoutes extends AllDirectives {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_BYTES = 10_000;

    private static final List<String> CHANGE = List.of("action", "modelVersion", "share", "by", "reason");
    private static final List<String> PROMOTION = List.of("force", "by", "reason");
    private static final List<String> ROLLBACK = List.of("modelVersion", "by", "reason");

    private final Rollouts rollouts;
    private final Duration bodyTimeout;

    RolloutRoutes(Rollouts rollouts, HttpSettings settings) {
        this.rollouts = rollouts;
        this.bodyTimeout = settings.traffic().bodyTimeout();
    }

    Route route() {
        return concat(
                path(
                        "rollout",
                        () -> concat(
                                get(() -> completeWithFuture(answer("", rollouts.rollout()))),
                                post(() -> body(CHANGE, (caller, body) -> change(caller, asked(body), body))))),
                path(
                        PathMatchers.segment("models").slash("rollback"),
                        () -> post(() -> body(ROLLBACK, (caller, body) -> change(caller, rollback(body), body)))),
                path(
                        PathMatchers.segment("models")
                                .slash(PathMatchers.segment())
                                .slash("promote"),
                        version -> post(() -> body(
                                PROMOTION,
                                (caller, body) -> change(
                                        caller, new RolloutChange.Promote(version, truth(body, "force")), body)))));
    }

    private CompletionStage<HttpResponse> change(Caller caller, RolloutChange change, JsonNode body) {
        String by = Objects.requireNonNullElse(caller.signature(text(body, "by")), "somebody over the API");
        String reason = Objects.requireNonNullElse(text(body, "reason"), "no reason given");
        String parameter = change instanceof RolloutChange.Promote ? "version" : "modelVersion";
        return answer(parameter, rollouts.change(change, by, reason));
    }

    /** @param parameter that names a model */
    private static CompletionStage<HttpResponse> answer(String parameter, CompletionStage<RolloutView> view) {
        return view.handle((found, failure) -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof RolloutRefusedException refused) {
                throw new ProblemException(problem(parameter, refused));
            }
            if (cause != null) {
                throw new CompletionException(cause);
            }
            return Json.ok(json -> RolloutJson.write(json, found));
        });
    }

    private static Problem problem(String parameter, RolloutRefusedException refused) {
        if (refused.unknownModel() != null) {
            return Problem.ofField(
                    ProblemType.UNKNOWN_MODEL, parameter, refused.unknownModel(), refused.getMessage() + ".");
        }
        ArrayNode reasons = JsonNodeFactory.instance.arrayNode();
        refused.reasons().forEach(reasons::add);
        ProblemType type = refused.byGate() ? ProblemType.GATE_REFUSED : ProblemType.ROLLOUT_REFUSED;
        Problem problem = Problem.of(type, String.valueOf(refused.getMessage())).with("reasons", reasons);
        Duration retryAfter = refused.retryAfter();
        return retryAfter == null
                ? problem
                : problem.withHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
    }

    private static RolloutChange asked(JsonNode body) {
        String action = Objects.requireNonNullElse(text(body, "action"), "");
        return switch (action) {
            case "shadow" -> new RolloutChange.Shadow(version(body));
            case "end-shadow" -> new RolloutChange.Shadow(null);
            case "canary" -> new RolloutChange.Canary(version(body), share(body));
            default -> throw invalid("action", action, "action must be shadow, end-shadow or canary");
        };
    }

    private static RolloutChange rollback(JsonNode body) {
        return new RolloutChange.Rollback(body.has("modelVersion") ? version(body) : null);
    }

    private static String version(JsonNode body) {
        String version = text(body, "modelVersion");
        if (version == null) {
            throw invalid("modelVersion", "", "modelVersion must name a model");
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

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw invalid(field, value.asText(), field + " must be a string");
        }
        return value.isMissingNode() || value.textValue().isBlank() ? null : value.textValue();
    }

    private static ProblemException invalid(String field, String value, String detail) {
        return new ProblemException(Problem.ofField(ProblemType.INVALID_BODY, field, value, detail));
    }

    /** @param known the fields that the body may have: one whose name is misspelt would be dropped in silence */
    private Route body(List<String> known, BiFunction<Caller, JsonNode, CompletionStage<HttpResponse>> inner) {
        return withSizeLimit(
                MAX_BYTES,
                () -> extractRequest(request -> extractStrictEntity(
                        bodyTimeout,
                        RequestBody.UNLIMITED,
                        entity -> completeWithFuture(inner.apply(
                                Caller.of(request), object(entity.getData().toArray(), known))))));
    }

    private static JsonNode object(byte[] content, List<String> known) {
        if (content.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode body = JSON.readTree(content);
            if (body != null && body.isObject()) {
                checkNames(body, known);
                return body;
            }
        } catch (IOException e) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is not JSON."));
        }
        throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is not one JSON object."));
    }

    private static void checkNames(JsonNode body, List<String> known) {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!known.contains(field.getKey())) {
                String detail = field.getKey() + " is no field here; those are " + String.join(", ", known);
                throw invalid(field.getKey(), field.getValue().asText(), detail);
            }
        }
    }
}
