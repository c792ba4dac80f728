package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.port.AlertSearch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts as JSON: the very document of the alerts topic, so that there is one schema. */
final class AlertJson {

    private AlertJson() {}

    static void write(JsonGenerator json, Alert alert) throws IOException {
        json.writeRawValue(text(alert));
    }

    /** The document with one member more: {@code label}, the one that counts, or null. */
    static void write(JsonGenerator json, AlertSearch.Found found) throws IOException {
        String document = text(found.alert());
        json.writeRawValue(document.substring(0, document.length() - 1) + ",\"label\":" + label(found) + "}");
    }

    private static String label(AlertSearch.Found found) {
        return new String(Json.bytes(json -> LabelJson.write(json, found.label())), StandardCharsets.UTF_8).strip();
    }

    /** On one line. */
    static String text(Alert alert) {
        return new String(AlertCodec.encode(alert), StandardCharsets.UTF_8);
    }

    static void attributions(JsonGenerator json, List<Attribution> attributions) throws IOException {
        json.writeArrayFieldStart("attributions");
        for (Attribution attribution : attributions) {
            json.writeStartObject();
            json.writeStringField("feature", attribution.feature());
            json.writeStringField("words", attribution.words());
            Json.number(json, "value", attribution.value());
            Json.number(json, "contribution", attribution.contribution());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void counterfactual(JsonGenerator json, @Nullable Counterfactual change) throws IOException {
        json.writeFieldName("counterfactual");
        if (change == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("feature", change.feature());
        json.writeStringField("words", change.words());
        Json.number(json, "from", change.from());
        Json.number(json, "to", change.to());
        Json.number(json, "score", change.score());
        json.writeEndObject();
    }
}
