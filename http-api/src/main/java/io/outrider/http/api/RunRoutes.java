package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunRequest;
import io.outrider.http.HttpSettings;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import io.outrider.http.traffic.IdempotencyKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code KIND/runs}, newest first, or a new one by POST; {@code KIND/runs/{id}}; its {@code cancel}; its {@code events}. The
 * kinds are the supervisor's: {@code etl}, {@code training}, …
 */
final class RunRoutes extends AllDirectives {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PathMatcher1<String> KIND = PathMatchers.segment(Pattern.compile("[a-z][a-z0-9-]*"));
    private static final long MAX_BODY_BYTES = 10_000;

    private final Runs runs;
    private final PageParameters paging;
    private final RunEvents events;
    private final Duration bodyTimeout;

    RunRoutes(Runs runs, PageParameters paging, HttpSettings settings) {
        this.runs = runs;
        this.paging = paging;
        this.bodyTimeout = settings.traffic().bodyTimeout();
        this.events = new RunEvents(runs, settings.streamHeartbeat(), settings.streamRetry());
    }

    Route route() {
        return pathPrefix(
                KIND.slash("runs"),
                kind -> concat(
                        pathEnd(() -> concat(
                                get(() -> extractRequest(request -> completeWithFuture(list(kind, request)))),
                                post(() -> start(kind)))),
                        pathPrefix(PathMatchers.segment(), id -> one(kind, id))));
    }

    private Route one(String kind, String id) {
        return concat(
                pathEnd(() -> get(() -> completeWithFuture(find(kind, id).thenApply(RunRoutes::shown)))),
                path(
                        "cancel",
                        () -> post(() ->
                                completeWithFuture(runs.cancel(kind, id).thenApply(answer -> cancelled(id, answer))))),
                path(
                        "events",
                        () -> get(() -> extractRequest(request ->
                                completeWithFuture(find(kind, id).thenApply(run -> follow(run, request)))))));
    }

    private CompletionStage<HttpResponse> list(String kind, HttpRequest request) {
        String cursor = PageParameters.single(request, "cursor");
        return runs.page(kind, cursor == null ? null : before(cursor), paging.limit(request))
                .thenApply(found -> {
                    Runs.Page page = found.orElseThrow(() -> unknownKind(kind));
                    return Json.ok(json -> {
                        json.writeStartObject();
                        json.writeArrayFieldStart("items");
                        for (Run run : page.items()) {
                            RunJson.write(json, run);
                        }
                        json.writeEndArray();
                        Json.text(
                                json,
                                "next",
                                page.next() == null ? null : page.next().toString());
                        json.writeEndObject();
                    });
                });
    }

    private static long before(String cursor) {
        if (!cursor.matches("[1-9]\\d{0,17}")) {
            throw PageParameters.badCursor("cursor", cursor);
        }
        return Long.parseLong(cursor);
    }

    private Route start(String kind) {
        return extractRequest(request -> withSizeLimit(
                MAX_BODY_BYTES,
                () -> extractStrictEntity(
                        bodyTimeout,
                        RequestBody.UNLIMITED,
                        entity -> completeWithFuture(runs.start(
                                        kind,
                                        RunRequest.manual(
                                                parameters(entity.getData().toArray()), IdempotencyKeys.key(request)))
                                .thenApply(answer -> started(kind, answer))))));
    }

    /** An empty body has none; otherwise a JSON object of texts, numbers and truth values. */
    private static Map<String, String> parameters(byte[] body) {
        Map<String, String> parameters = new TreeMap<>();
        if (body.length == 0) {
            return parameters;
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_BODY, "The body is not JSON: " + Json.fault(e) + "."));
        } catch (IOException e) {
            throw new IllegalStateException("reading memory failed", e);
        }
        if (!json.isObject()) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_BODY, "Send no body, or one JSON object of parameters."));
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getValue().isValueNode() || field.getValue().isNull()) {
                throw new ProblemException(Problem.ofField(
                        ProblemType.INVALID_BODY,
                        field.getKey(),
                        field.getValue().toString(),
                        "A parameter is a text, a number, true or false."));
            }
            parameters.put(field.getKey(), field.getValue().asText());
        }
        return parameters;
    }

    private static HttpResponse started(String kind, Runs.Answer answer) {
        if (answer instanceof Runs.Answer.Accepted accepted) {
            return accepted(accepted.run());
        }
        if (answer instanceof Runs.Answer.Repeated repeated) {
            return accepted(repeated.run()).addHeader(IdempotencyKeys.REPLAYED);
        }
        if (answer instanceof Runs.Answer.Busy busy) {
            throw aboutRun(
                    ProblemType.RUN_IN_PROGRESS,
                    busy.run(),
                    busy.run().id() + " is " + busy.run().state().wireName()
                            + "; there are never two of a kind. Follow it, or cancel it.");
        }
        if (answer instanceof Runs.Answer.KeyReused reused) {
            throw aboutRun(
                    ProblemType.IDEMPOTENCY_CONFLICT,
                    reused.run(),
                    reused.run().id() + " was started under this key with other parameters.");
        }
        if (answer instanceof Runs.Answer.Refused refused) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.INVALID_PARAMETER, refused.parameter(), refused.value(), refused.why() + "."));
        }
        if (answer instanceof Runs.Answer.TooSoon soon) {
            throw new ProblemException(
                    Problem.of(ProblemType.TOO_MANY_RUNS, "The next one may begin at " + soon.nextAt() + "."));
        }
        throw unknownKind(kind);
    }

    private static HttpResponse accepted(Run run) {
        return Json.response(202, json -> RunJson.write(json, run))
                .addHeader(RawHeader.create("Location", "/api/v1/" + run.kind() + "/runs/" + run.id()));
    }

    private static HttpResponse cancelled(String id, Runs.Cancellation answer) {
        if (answer instanceof Runs.Cancellation.Cancelled cancelled) {
            return accepted(cancelled.run());
        }
        if (answer instanceof Runs.Cancellation.Ended ended) {
            throw aboutRun(
                    ProblemType.RUN_ENDED,
                    ended.run(),
                    id + " is " + ended.run().state().wireName() + " and can't be cancelled any more.");
        }
        throw unknownRun(id);
    }

    private CompletionStage<Run> find(String kind, String id) {
        return runs.find(kind, id).thenApply(found -> found.orElseThrow(() -> unknownRun(id)));
    }

    private static HttpResponse shown(Run run) {
        return Json.ok(json -> RunJson.write(json, run));
    }

    /** A client that has seen the end, and connects again because browsers do, is told to stay away. */
    private HttpResponse follow(Run run, HttpRequest request) {
        Optional<String> seen = request.getHeader("Last-Event-ID").map(HttpHeader::value);
        boolean over = run.state().isFinal() && seen.equals(Optional.of(Long.toString(run.revision())));
        return over ? HttpResponse.create().withStatus(204) : events.response(run);
    }

    private static ProblemException aboutRun(ProblemType type, Run run, String detail) {
        return new ProblemException(
                Problem.of(type, detail).with("runId", JsonNodeFactory.instance.textNode(run.id())));
    }

    private static ProblemException unknownRun(String id) {
        return new ProblemException(Problem.ofField(
                ProblemType.UNKNOWN_RUN, "id", id, "No run has this id, or it is older than the history goes."));
    }

    private static ProblemException unknownKind(String kind) {
        return new ProblemException(Problem.ofField(
                ProblemType.UNKNOWN_RUN_KIND, "kind", kind, "No job of this kind is set up on this cluster."));
    }
}
