package io.outrider.core.rollout;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.model.Canary;
import io.outrider.core.review.Share;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rollout as JSON, for the API and the command line; {@code openapi.yaml} describes it. A number that is none is null. */
public final class RolloutJson {

    private RolloutJson() {}

    public static void write(JsonGenerator json, RolloutView view) throws IOException {
        ModelStages stages = view.stages();
        json.writeStartObject();
        json.writeNumberField("revision", stages.revision());
        json.writeStringField("promotion", view.automatic() ? "automatic" : "manual");
        json.writeFieldName("champion");
        rate(json, view.champion(), null, null);
        json.writeFieldName("canary");
        rate(json, view.canary(), stages.canary(), view.canaryGate());
        json.writeFieldName("challenger");
        challenger(json, view);
        texts(json, "former", stages.former());
        texts(json, "archived", stages.archived());
        json.writeArrayFieldStart("audit");
        for (int i = stages.audit().size() - 1; i >= 0; i--) {
            entry(json, stages.audit().get(i));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void rate(
            JsonGenerator json,
            RolloutView.@Nullable Rate rate,
            @Nullable Canary canary,
            PromotionGate.@Nullable Verdict gate)
            throws IOException {
        if (rate == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("modelVersion", rate.modelVersion());
        if (canary != null) {
            json.writeNumberField("share", canary.share());
        }
        json.writeNumberField("events", rate.events());
        json.writeNumberField("alerts", rate.alerts());
        json.writeObjectFieldStart("predictedAlerts");
        json.writeNumberField("share", rate.predicted().share());
        json.writeNumberField("low", rate.predicted().low());
        json.writeNumberField("high", rate.predicted().high());
        json.writeEndObject();
        json.writeBooleanField("asPredicted", rate.predicted().holds(rate.alerts()));
        long[] scores = rate.scores().stream().mapToLong(Long::longValue).toArray();
        counts(json, "scores", scores);
        gate(json, gate);
        json.writeEndObject();
    }

    private static void challenger(JsonGenerator json, RolloutView view) throws IOException {
        String version = view.stages().challenger();
        if (version == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("modelVersion", version);
        ShadowReport shadow = view.shadow();
        json.writeFieldName("shadow");
        if (shadow == null) {
            json.writeNull();
        } else {
            shadow(json, shadow);
        }
        labels(json, view.labels());
        gate(json, view.gate());
        json.writeEndObject();
    }

    private static void gate(JsonGenerator json, PromotionGate.@Nullable Verdict gate) throws IOException {
        if (gate != null) {
            json.writeObjectFieldStart("gate");
            json.writeBooleanField("passed", gate.passed());
            texts(json, "reasons", gate.reasons());
            json.writeEndObject();
        }
    }

    private static void labels(JsonGenerator json, @Nullable LabelReport labels) throws IOException {
        json.writeFieldName("labels");
        if (labels == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("since", Instant.ofEpochMilli(labels.sinceMs()).toString());
        json.writeNumberField("labelled", labels.labelled());
        hits(json, "champion", labels.champion());
        hits(json, "challenger", labels.challenger());
        json.writeEndObject();
    }

    private static void hits(JsonGenerator json, String field, LabelReport.Hits hits) throws IOException {
        Share precision = hits.precision();
        json.writeObjectFieldStart(field);
        json.writeNumberField("alerts", hits.alerts());
        json.writeNumberField("frauds", hits.frauds());
        number(json, "precision", precision.value());
        json.writeNumberField("low", precision.low());
        json.writeNumberField("high", precision.high());
        json.writeEndObject();
    }

    private static void shadow(JsonGenerator json, ShadowReport shadow) throws IOException {
        json.writeStartObject();
        json.writeNumberField("events", shadow.events());
        json.writeNumberField("alertsOfBoth", shadow.both());
        json.writeNumberField("alertsOfDecidingOnly", shadow.decidedOnly());
        json.writeNumberField("alertsOfChallengerOnly", shadow.challengerOnly());
        number(json, "overlap", shadow.overlap());
        number(json, "rankCorrelation", shadow.rankCorrelation());
        counts(json, "decidingScores", shadow.decidedScores());
        counts(json, "challengerScores", shadow.challengerScores());
        json.writeEndObject();
    }

    private static void entry(JsonGenerator json, StageEntry entry) throws IOException {
        json.writeStartObject();
        json.writeNumberField("revision", entry.revision());
        json.writeStringField("at", entry.at().toString());
        json.writeStringField("by", entry.by());
        json.writeStringField(
                "action", entry.action().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("modelVersion", entry.modelVersion());
        Double share = entry.share();
        if (share != null) {
            json.writeNumberField("share", share);
        }
        json.writeStringField("reason", entry.reason());
        json.writeEndObject();
    }

    /** Only bins that hold something: each as the score it begins at and its count. */
    private static void counts(JsonGenerator json, String field, long[] counts) throws IOException {
        json.writeArrayFieldStart(field);
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                json.writeStartObject();
                json.writeNumberField("from", ScoreBins.from(bin));
                json.writeNumberField("count", counts[bin]);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String field, double value) throws IOException {
        json.writeFieldName(field);
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
