package io.outrider.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.outrider.core.event.Label;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.TransactionIntake.Outcome;
import io.outrider.core.port.UnavailableException;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Submits labels that are not stale: a label's version must be higher than that of the label that counts. The very statement that
 * counts already may be sent again. When two correct the same label at once, both are taken, and the one that the topic has first
 * counts; the history shows both.
 */
record LabelSubmission(LabelIntake intake, AlertSearch known) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A stale label among others is an outcome; when all are, the answer is a problem (409). */
    CompletionStage<List<Outcome>> submit(List<byte[]> labels) {
        if (!known.knowsLabels()) {
            throw new UnavailableException("labels are still being read: whether these are stale cannot be said yet");
        }
        List<byte[]> fresh = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<Outcome> stale = new ArrayList<>();
        Label counting = null;
        for (int i = 0; i < labels.size(); i++) {
            JsonNode label = read(labels.get(i));
            Label conflict = conflict(label);
            if (conflict == null) {
                fresh.add(labels.get(i));
                places.add(i);
            } else {
                counting = conflict;
                stale.add(new Outcome(
                        i,
                        label.path("transaction_id").asText(),
                        new Rejection(RejectionReason.WRONG_VALUE, detail(label, conflict))));
            }
        }
        if (fresh.isEmpty() && counting != null) {
            throw problem(stale, counting);
        }
        return intake.submitLabels(fresh).thenApply(outcomes -> {
            List<Outcome> all = new ArrayList<>(stale);
            for (Outcome outcome : outcomes) {
                all.add(new Outcome(places.get(outcome.index()), outcome.transactionId(), outcome.rejection()));
            }
            all.sort(java.util.Comparator.comparingInt(Outcome::index));
            return all;
        });
    }

    /** The label that counts, if this one may not replace it; what is no label at all is the intake's to say. */
    private @Nullable Label conflict(JsonNode label) {
        Label counting = null;
        for (Label each : known.labels(
                label.path("account").asText(), label.path("transaction_id").asText())) {
            if (counting == null || each.replaces(counting)) {
                counting = each;
            }
        }
        String version = label.path("version").asText();
        if (counting == null || !version.matches("\\d{1,9}") || Integer.parseInt(version) > counting.version()) {
            return null;
        }
        boolean same = Integer.parseInt(version) == counting.version()
                && label.path("verdict").asText().equals(LabelJson.verdict(counting))
                && scenario(label).equals(counting.scenario() == null ? "" : counting.scenario())
                && label.path("by").asText().equals(counting.by());
        return same ? null : counting;
    }

    /** As the intake will read it; empty for none. */
    private static String scenario(JsonNode label) {
        JsonNode scenario = label.path("scenario");
        return scenario.isNull() ? "" : scenario.asText().strip();
    }

    private static JsonNode read(byte[] label) {
        try {
            return JSON.readTree(label);
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static String detail(JsonNode label, Label counting) {
        return "version " + label.path("version").asText() + " is stale: version " + counting.version() + " by "
                + counting.by() + " says " + LabelJson.verdict(counting);
    }

    private static ProblemException problem(List<Outcome> stale, Label counting) {
        Rejection first = stale.get(0).rejection();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return new ProblemException(Problem.ofField(
                        ProblemType.STALE_LABEL,
                        "version",
                        null,
                        (first == null ? "" : first.detail()) + "; a correction has a higher version.")
                .with("accepted", nodes.numberNode(0))
                .with("rejected", nodes.numberNode(stale.size()))
                .with(
                        "counting",
                        nodes.objectNode()
                                .put("verdict", LabelJson.verdict(counting))
                                .put("by", counting.by())
                                .put("version", counting.version())));
    }
}
