package io.outrider.http.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.event.Rejection;
import io.outrider.core.port.TransactionIntake;
import io.outrider.core.port.TransactionIntake.Outcome;
import io.outrider.http.HttpSettings;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST transactions}: one JSON object, an array of them, or NDJSON. 202 says how many the broker has acknowledged
 * and names each that was not accepted, and why; when there were some and none was acceptable, the answer is a problem
 * with the same lists.
 */
final class TransactionRoutes extends AllDirectives {

    private final TransactionIntake intake;
    private final RequestBody body;

    TransactionRoutes(TransactionIntake intake, HttpSettings settings) {
        this.intake = intake;
        this.body = new RequestBody(settings.maxRequestBytes(), settings.maxEventsPerRequest());
    }

    Route route() {
        return path(
                "transactions",
                () -> post(() -> body.content(content -> completeWithFuture(submit(content.events())))));
    }

    private CompletionStage<HttpResponse> submit(List<byte[]> events) {
        if (events.isEmpty()) {
            return CompletableFuture.completedFuture(answer(List.of()));
        }
        return intake.submit(events).thenApply(TransactionRoutes::answer);
    }

    private static HttpResponse answer(List<Outcome> outcomes) {
        List<Outcome> rejected = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome.rejection() != null) {
                rejected.add(outcome);
            }
        }
        int accepted = outcomes.size() - rejected.size();
        if (accepted == 0 && !rejected.isEmpty()) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_TRANSACTION, nothingAccepted(rejected))
                    .with("accepted", JsonNodeFactory.instance.numberNode(0))
                    .with("rejected", JsonNodeFactory.instance.numberNode(rejected.size()))
                    .with("rejections", rejections(rejected)));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("accepted", accepted);
        answer.put("rejected", rejected.size());
        answer.set("rejections", rejections(rejected));
        return HttpResponse.create()
                .withStatus(202)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, answer + "\n"));
    }

    private static String nothingAccepted(List<Outcome> rejected) {
        Rejection first = rejected.get(0).rejection();
        String why = first == null ? "" : first.detail();
        return rejected.size() == 1
                ? "The transaction was not accepted: " + why + "."
                : "None of the " + rejected.size() + " transactions was accepted; the first: " + why + ".";
    }

    private static ArrayNode rejections(List<Outcome> rejected) {
        ArrayNode rejections = JsonNodeFactory.instance.arrayNode();
        for (Outcome outcome : rejected) {
            Rejection rejection = outcome.rejection();
            if (rejection != null) {
                rejections
                        .addObject()
                        .put("index", outcome.index())
                        .put("transactionId", outcome.transactionId())
                        .put("reason", rejection.reason().wireName())
                        .put("detail", rejection.detail());
            }
        }
        return rejections;
    }
}
