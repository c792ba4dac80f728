package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.DataQuality;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.telemetry.PartitionMetrics;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code GET monitoring/quality}: what this node's partitions made of their records, and the newest dataset's quality report. */
final class QualityRoutes extends AllDirectives {

    private final DataQuality quality;
    private final LiveMetrics metrics;

    QualityRoutes(DataQuality quality, LiveMetrics metrics) {
        this.quality = quality;
        this.metrics = metrics;
    }

    Route route() {
        return path(
                PathMatchers.segment("monitoring").slash("quality"),
                () -> get(() -> completeWithFuture(quality.newest()
                        .thenApply(report -> Json.ok(json -> write(json, report.orElse(null)))))));
    }

    private void write(JsonGenerator json, DataQuality.@Nullable Report report) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("partitions");
        for (Map.Entry<Integer, PartitionMetrics> partition :
                metrics.partitions().entrySet()) {
            partition(json, partition.getKey(), partition.getValue());
        }
        json.writeEndArray();
        json.writeFieldName("dataset");
        if (report == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeStringField("name", report.dataset());
            json.writeNumberField("version", report.version());
            json.writeStringField("createdAt", report.createdAt());
            json.writeBooleanField("mayTrain", report.failures().isEmpty());
            Json.texts(json, "failures", report.failures());
            counts(json, "added", report.added());
            counts(json, "total", report.total());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void partition(JsonGenerator json, int number, PartitionMetrics partition) throws IOException {
        Map<String, Long> bad = new TreeMap<>();
        for (Map.Entry<RejectionReason, Long> letters : partition.deadLetters().entrySet()) {
            bad.put(letters.getKey().wireName(), letters.getValue());
        }
        json.writeStartObject();
        json.writeNumberField("partition", number);
        json.writeNumberField("events", partition.events());
        json.writeNumberField("late", partition.late());
        json.writeNumberField("skipped", partition.skipped());
        bad(json, bad);
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, String field, DataQuality.Counts counts) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("rows", counts.rows());
        bad(json, counts.bad());
        json.writeNumberField("repeated", counts.repeated());
        json.writeNumberField("missing", counts.missing());
        json.writeNumberField("late", counts.late());
        json.writeArrayFieldStart("columns");
        for (DataQuality.Column column : counts.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeNumberField("nulls", column.nulls());
            bound(json, "min", column.min());
            bound(json, "max", column.max());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void bad(JsonGenerator json, Map<String, Long> byReason) throws IOException {
        json.writeObjectFieldStart("bad");
        for (Map.Entry<String, Long> reason : new TreeMap<>(byReason).entrySet()) {
            json.writeNumberField(reason.getKey(), reason.getValue());
        }
        json.writeEndObject();
    }

    private static void bound(JsonGenerator json, String field, @Nullable Double bound) throws IOException {
        Json.number(json, field, bound == null ? Double.NaN : bound);
    }
}
