package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.event.Label;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Labels as the API shows them beside a transaction. */
final class LabelJson {

    private LabelJson() {}

    /** Verdict, scenario where that was told, by whom, version and since when; null for no label. */
    static void write(JsonGenerator json, @Nullable Label label) throws IOException {
        if (label == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("verdict", verdict(label));
        if (label.scenario() != null) {
            json.writeStringField("scenario", label.scenario());
        }
        json.writeStringField("by", label.by());
        json.writeNumberField("version", label.version());
        Json.time(json, "knownSince", label.knownSinceMs());
        json.writeEndObject();
    }

    static String verdict(Label label) {
        return label.fraud() ? "fraud" : "genuine";
    }
}
