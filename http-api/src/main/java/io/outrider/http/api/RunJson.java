package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunProgress;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as the API shows it: {@code components/schemas/Run} of the API's description. */
final class RunJson {

    private RunJson() {}

    static void write(JsonGenerator json, Run run) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", run.id());
        json.writeStringField("kind", run.kind());
        json.writeStringField("state", run.state().wireName());
        json.writeStringField("cause", run.request().cause().wireName());
        json.writeStringField("reason", run.request().reason());
        texts(json, "parameters", run.request().parameters());
        time(json, "requestedAt", run.requestedAt());
        time(json, "scheduledFor", run.scheduledFor());
        time(json, "startedAt", run.attempts().firstAt());
        time(json, "endedAt", run.end() == null ? null : run.end().at());
        json.writeNumberField("attempt", run.attempts().begun());
        time(json, "nextAttemptAt", run.attempts().nextAt());
        Json.text(json, "node", run.place() == null ? null : run.place().node());
        Json.text(json, "stopping", run.stop() == null ? null : run.stop().as().wireName());
        progress(json, run.progress());
        end(json, run.end());
        Json.texts(json, "setbacks", run.attempts().setbacks());
        json.writeEndObject();
    }

    private static void progress(JsonGenerator json, RunProgress progress) throws IOException {
        json.writeObjectFieldStart("progress");
        json.writeNumberField("fraction", progress.fraction());
        json.writeStringField("message", progress.message());
        json.writeObjectFieldStart("counters");
        for (Map.Entry<String, Long> counter : progress.counters().entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void end(JsonGenerator json, @Nullable RunEnd end) throws IOException {
        Json.text(json, "outcome", end == null ? null : end.outcome().wireName());
        Json.text(json, "summary", end == null ? null : end.summary());
        texts(json, "results", end == null ? Map.of() : end.results());
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        Json.text(json, field, time == null ? null : time.toString());
    }
}
