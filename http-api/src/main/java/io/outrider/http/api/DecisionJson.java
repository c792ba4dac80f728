package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.AlertSearch.Known;
import io.outrider.core.port.PastDecisions.Past;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was decided of a transaction, as the API shows it: one decision for each time that its id came. */
final class DecisionJson {

    private DecisionJson() {}

    /** What stands in the alert store and in the account, each decision once. */
    static void kept(JsonGenerator json, String id, List<ScoredTransaction> recent, List<Known> known)
            throws IOException {
        start(json, id);
        for (Known each : known) {
            known(json, each);
        }
        for (ScoredTransaction each : recent) {
            if (!isAmong(known, each)) {
                head(json, "account", each.alertId() != null, each.review(), each.score());
                json.writeNullField("alert");
                scored(json, null);
                end(json, null, null);
            }
        }
        end(json);
    }

    /** What was found in the lake. */
    static void past(JsonGenerator json, String id, List<Past> found, @Nullable Label label) throws IOException {
        start(json, id);
        for (Past each : found) {
            ScoredEvent scored = each.scored();
            head(
                    json,
                    each.place().name().toLowerCase(Locale.ROOT),
                    scored != null && scored.alert(),
                    scored != null && scored.review(),
                    scored == null ? Double.NaN : scored.score());
            json.writeNullField("alert");
            scored(json, scored);
            end(json, label, each.unknown());
        }
        end(json);
    }

    static Transaction transaction(Known known) {
        return known.alert() != null
                ? known.alert().transaction()
                : Objects.requireNonNull(known.sampled()).transaction();
    }

    private static void known(JsonGenerator json, Known each) throws IOException {
        double score = each.alert() != null
                ? each.alert().score()
                : Objects.requireNonNull(each.sampled()).score();
        head(json, "alert-store", each.alert() != null, each.sampled() != null, score);
        json.writeFieldName("alert");
        if (each.alert() == null) {
            json.writeNull();
        } else {
            AlertJson.write(json, new AlertSearch.Found(each.alert(), each.label()));
        }
        scored(json, each.sampled());
        end(json, each.label(), null);
    }

    private static void start(JsonGenerator json, String id) throws IOException {
        json.writeStartObject();
        json.writeStringField("transactionId", id);
        json.writeArrayFieldStart("decisions");
    }

    private static void end(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void head(JsonGenerator json, String source, boolean alert, boolean review, double score)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("decision", alert ? "alert" : "no-alert");
        json.writeStringField("source", source);
        json.writeBooleanField("review", review);
        Json.number(json, "score", score);
    }

    private static void scored(JsonGenerator json, @Nullable ScoredEvent scored) throws IOException {
        json.writeFieldName("scored");
        if (scored == null) {
            json.writeNull();
        } else {
            json.writeRawValue(new String(ScoredEventCodec.encode(scored), StandardCharsets.UTF_8));
        }
    }

    private static void end(JsonGenerator json, @Nullable Label label, @Nullable String note) throws IOException {
        json.writeFieldName("label");
        LabelJson.write(json, label);
        Json.text(json, "note", note);
        json.writeEndObject();
    }

    private static boolean isAmong(List<Known> known, ScoredTransaction transaction) {
        return known.stream()
                .anyMatch(each -> each.alert() != null
                        ? each.alert().id().equals(transaction.alertId())
                        : transaction.review()
                                && each.sampled() != null
                                && each.sampled().transaction().eventTimeMs() == transaction.eventTimeMs());
    }
}
