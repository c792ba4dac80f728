package io.outrider.http.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.event.Rejection;
import io.outrider.core.port.TransactionIntake.Outcome;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Answers what was submitted to the log: 202 says how many the broker has acknowledged and names each that was not
 * accepted, and why; when there were some and none was acceptable, the answer is a problem with the same lists.
 *
 * @param invalid the problem
 * @param what was submitted, in the singular
 */
record Submission(ProblemType invalid, String what) {

    HttpResponse answer(List<Outcome> outcomes) {
        List<Outcome> rejected = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome.rejection() != null) {
                rejected.add(outcome);
            }
        }
        int accepted = outcomes.size() - rejected.size();
        if (accepted == 0 && !rejected.isEmpty()) {
            throw new ProblemException(nothingAccepted(outcomes.size(), rejected)
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

    /** Its field is the first one's; of several, with their place in the request: {@code [0].amount}. */
    private Problem nothingAccepted(int submitted, List<Outcome> rejected) {
        Rejection first = rejected.get(0).rejection();
        String why = first == null ? "" : first.detail();
        String field = first == null ? null : first.field();
        String detail = rejected.size() == 1
                ? "The " + what + " was not accepted: " + why + "."
                : "None of the " + rejected.size() + " " + what + "s was accepted; the first: " + why + ".";
        String place = submitted == 1 ? "" : "[" + rejected.get(0).index() + "].";
        return field == null ? Problem.of(invalid, detail) : Problem.ofField(invalid, place + field, null, detail);
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
                        .put("field", rejection.field())
                        .put("detail", rejection.detail());
            }
        }
        return rejections;
    }
}
