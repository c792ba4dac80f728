package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.telemetry.Buckets;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.telemetry.PartitionMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code monitoring/live}: this node's throughput and latency now and over the last two minutes. */
final class LiveRoutes extends AllDirectives {

    private final NodeStatus status;
    private final LiveSampler sampler;
    private final String environment;

    LiveRoutes(NodeStatus status, LiveSampler sampler, String environment) {
        this.status = status;
        this.sampler = sampler;
        this.environment = environment;
    }

    Route route() {
        return pathPrefix(
                "monitoring",
                () -> path("live", () -> get(() -> extractRequest(request -> complete(Json.ok(this::write))))));
    }

    private void write(JsonGenerator json) throws IOException {
        NodeStatus.Snapshot node = status.snapshot();
        List<LiveSampler.Point> points = sampler.points();
        LiveSampler.@Nullable Point last = points.isEmpty() ? null : points.get(points.size() - 1);
        json.writeStartObject();
        Json.time(json, "asOf", sampler.nowMs());
        json.writeStringField("environment", environment);
        json.writeBooleanField("ready", node.ready());
        Json.texts(json, "reasons", node.reasons());
        Json.texts(json, "warnings", node.warnings());
        Json.text(json, "modelVersion", node.modelVersion());
        json.writeArrayFieldStart("partitions");
        for (int partition : node.partitions()) {
            json.writeNumber(partition);
        }
        json.writeEndArray();
        counters(json, last);
        json.writeObjectFieldStart("latencyMs");
        latency(json, "decision", last == null ? null : last.decision());
        latency(json, "alert", last == null ? null : last.alert());
        json.writeEndObject();
        running(json);
        scores(json, sampler.metrics().scores);
        history(json, points);
        json.writeEndObject();
    }

    private void running(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("running");
        for (Map.Entry<Integer, PartitionMetrics> entry :
                sampler.metrics().partitions().entrySet()) {
            PartitionMetrics partition = entry.getValue();
            json.writeStartObject();
            json.writeNumberField("partition", entry.getKey());
            Json.number(json, "lag", partition.lag() < 0 ? Double.NaN : partition.lag());
            json.writeNumberField("inFlight", partition.inFlight());
            Json.time(json, "checkpointAt", partition.checkpointAtMs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void scores(JsonGenerator json, Buckets scores) throws IOException {
        json.writeObjectFieldStart("scores");
        double[] bounds = scores.bounds();
        json.writeFieldName("bounds");
        json.writeArray(bounds, 0, bounds.length);
        long[] counts = scores.counts();
        json.writeFieldName("counts");
        json.writeArray(counts, 0, counts.length);
        json.writeEndObject();
    }

    private void counters(JsonGenerator json, LiveSampler.@Nullable Point last) throws IOException {
        LiveMetrics metrics = sampler.metrics();
        json.writeObjectFieldStart("events");
        json.writeNumberField("total", metrics.events.sum());
        json.writeNumberField("late", metrics.lateEvents.sum());
        Json.number(json, "perSecond", last == null ? Double.NaN : last.eventsPerSecond());
        json.writeEndObject();
        json.writeObjectFieldStart("alerts");
        json.writeNumberField("total", metrics.alerts.sum());
        Json.number(json, "perMinute", last == null ? Double.NaN : last.alertsPerMinute());
        json.writeEndObject();
        json.writeObjectFieldStart("deadLetters");
        json.writeNumberField("total", sampler.deadLetters());
        json.writeObjectFieldStart("byReason");
        for (RejectionReason reason : RejectionReason.values()) {
            long count = metrics.deadLetters(reason).sum();
            if (count > 0) {
                json.writeNumberField(reason.wireName(), count);
            }
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeNumberField("runs", metrics.runs.sum());
        json.writeNumberField("checkpoints", metrics.checkpoints.sum());
    }

    private static void latency(JsonGenerator json, String name, LiveSampler.@Nullable Latency latency)
            throws IOException {
        json.writeFieldName(name);
        if (latency == null || latency.count() == 0) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("p50", latency.p50());
        json.writeNumberField("p95", latency.p95());
        json.writeNumberField("p99", latency.p99());
        json.writeNumberField("max", latency.max());
        json.writeNumberField("count", latency.count());
        json.writeEndObject();
    }

    private static void history(JsonGenerator json, List<LiveSampler.Point> points) throws IOException {
        json.writeArrayFieldStart("history");
        for (LiveSampler.Point point : points) {
            json.writeStartObject();
            Json.time(json, "at", point.atMs());
            Json.number(json, "eventsPerSecond", point.eventsPerSecond());
            Json.number(json, "alertsPerMinute", point.alertsPerMinute());
            latency(json, "decision", point.decision());
            latency(json, "alert", point.alert());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
