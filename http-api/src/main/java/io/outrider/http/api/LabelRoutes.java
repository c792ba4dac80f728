package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.LabelIntake;
import io.outrider.http.HttpSettings;
import io.outrider.http.access.Caller;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST labels}: one label, an array of them, or NDJSON, as the labels topic carries them. {@code POST
 * alerts/{id}/label}: verdict, scenario, by and version (1 if left out) on the transaction of an alert. Where tokens are asked for, whose it
 * was stands behind the name in {@code by}, also of whoever sends many and speaks for others. {@link LabelSubmission} says what is
 * a conflict.
 */
final class LabelRoutes extends AllDirectives {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final byte[] NO_LABEL = "null".getBytes(StandardCharsets.UTF_8);
    private static final Submission SUBMISSION = new Submission(ProblemType.INVALID_LABEL, "label");

    private final LabelIntake intake;
    private final AlertSearch alerts;
    private final RequestBody many;
    private final RequestBody one;

    LabelRoutes(LabelIntake intake, AlertSearch alerts, HttpSettings settings) {
        this.intake = intake;
        this.alerts = alerts;
        this.many = new RequestBody(settings, settings.maxEventsPerRequest());
        this.one = new RequestBody(settings, 1);
    }

    Route route() {
        return concat(
                path(
                        "labels",
                        () -> post(() -> extractRequest(request -> many.content(
                                content -> completeWithFuture(submit(signed(Caller.of(request), content.events()))))))),
                path(
                        PathMatchers.segment("alerts")
                                .slash(PathMatchers.segment())
                                .slash("label"),
                        id -> post(() -> extractRequest(request -> one.content(
                                content -> completeWithFuture(label(id, Caller.of(request), content.events())))))));
    }

    private CompletionStage<HttpResponse> submit(List<byte[]> labels) {
        return labels.isEmpty()
                ? CompletableFuture.completedFuture(SUBMISSION.answer(List.of()))
                : new LabelSubmission(intake, alerts).submit(labels).thenApply(SUBMISSION::answer);
    }

    private CompletionStage<HttpResponse> label(String id, Caller caller, List<byte[]> bodies) {
        ObjectNode verdict = verdict(bodies);
        sign(caller, verdict);
        return alerts.findStored(id).thenCompose(found -> {
            AlertSearch.Found alert = found.orElseThrow(() -> AlertRoutes.unknown(id));
            return submit(List.of(ofTransaction(alert.alert().transaction(), verdict)));
        });
    }

    /** Byte for byte where nobody need say who they are; what is no label is the intake's to say. */
    private static List<byte[]> signed(Caller caller, List<byte[]> labels) {
        return caller.isNamed()
                ? labels.stream().map(label -> signed(caller, label)).toList()
                : labels;
    }

    private static byte[] signed(Caller caller, byte[] label) {
        try {
            if (JSON.readTree(label) instanceof ObjectNode object) {
                sign(caller, object);
                return JSON.writeValueAsBytes(object);
            }
        } catch (JsonProcessingException e) {
            return NO_LABEL; // whoever reads it otherwise than we do must not find an unsigned label in it
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        return NO_LABEL;
    }

    private static void sign(Caller caller, ObjectNode label) {
        String by = caller.signature(label.path("by").textValue());
        if (by != null) {
            label.put("by", by);
        }
    }

    private static byte[] ofTransaction(Transaction transaction, ObjectNode verdict) {
        ObjectNode label = verdict.deepCopy();
        label.put("transaction_id", transaction.transactionId());
        label.put("account", transaction.account());
        label.put("merchant_id", transaction.merchant());
        label.put("event_time", Instant.ofEpochMilli(transaction.eventTimeMs()).toString());
        if (!label.has("version")) {
            label.put("version", 1);
        }
        try {
            return JSON.writeValueAsBytes(label);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON object is always writable", e);
        }
    }

    private static ObjectNode verdict(List<byte[]> bodies) {
        try {
            JsonNode body = bodies.isEmpty() ? null : JSON.readTree(bodies.get(0));
            if (body instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_BODY, "The body is not JSON: " + Json.fault(e) + "."));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        throw new ProblemException(Problem.of(
                ProblemType.INVALID_BODY, "Send one JSON object with verdict (fraud or genuine), by, and a version."));
    }
}
