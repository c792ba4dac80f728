package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.model.Histogram;
import io.outrider.core.port.DriftReports;
import io.outrider.core.review.Share;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET monitoring/drift}: the last day's traffic against what was usual. */
final class DriftRoutes extends AllDirectives {

    private final DriftReports reports;

    DriftRoutes(DriftReports reports) {
        this.reports = reports;
    }

    Route route() {
        return path(
                PathMatchers.segment("monitoring").slash("drift"),
                () -> get(() ->
                        completeWithFuture(reports.drift().thenApply(report -> Json.ok(json -> write(json, report))))));
    }

    private static void write(JsonGenerator json, DriftReport report) throws IOException {
        DriftDetector.Findings findings = report.findings();
        json.writeStartObject();
        json.writeStringField("modelVersion", report.modelVersion());
        Json.time(json, "from", report.fromMs());
        Json.time(json, "until", report.untilMs());
        json.writeNumberField("events", report.events());
        json.writeStringField("baseline", findings.baseline());
        Json.texts(json, "findings", report.sentences());
        json.writeArrayFieldStart("columns");
        for (DriftDetector.Column column : findings.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            Json.number(json, "ks", column.ks());
            Json.number(json, "psi", column.psi());
            Json.number(json, "pValue", column.pValue());
            json.writeBooleanField("drifted", column.drifted());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("distributions");
        for (DriftReport.Overlay overlay : report.overlays()) {
            distribution(json, overlay.before(), overlay.now());
        }
        json.writeEndArray();
        json.writeObjectFieldStart("untested");
        for (Map.Entry<String, String> column : findings.untested().entrySet()) {
            json.writeStringField(column.getKey(), column.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("fields");
        for (Map.Entry<String, DriftCounts.Field> field : new TreeMap<>(report.fields()).entrySet()) {
            field(json, field.getKey(), field.getValue());
        }
        json.writeEndObject();
        PrecisionChange precision = report.precision();
        json.writeFieldName("precision");
        if (precision == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            share(json, "recent", precision.recent(), precision.recentLabels());
            share(json, "before", precision.before(), precision.beforeLabels());
            json.writeBooleanField("fallen", precision.fallen());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void distribution(JsonGenerator json, Histogram before, Histogram now) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", before.name());
        json.writeFieldName("edges");
        json.writeArray(before.edges(), 0, before.edges().length);
        counts(json, "before", before);
        counts(json, "now", now);
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, String field, Histogram histogram) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeFieldName("counts");
        json.writeArray(histogram.counts(), 0, histogram.counts().length);
        json.writeNumberField("missing", histogram.missing());
        json.writeEndObject();
    }

    private static void field(JsonGenerator json, String name, DriftCounts.Field field) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("present", field.present());
        json.writeObjectFieldStart("values");
        for (Map.Entry<String, Long> value : new TreeMap<>(field.values()).entrySet()) {
            json.writeNumberField(value.getKey(), value.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void share(JsonGenerator json, String field, Share share, long labels) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("value", share.value());
        json.writeNumberField("low", share.low());
        json.writeNumberField("high", share.high());
        json.writeNumberField("labels", labels);
        json.writeEndObject();
    }
}
