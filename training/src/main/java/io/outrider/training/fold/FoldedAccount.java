package io.outrider.training.fold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * An account at the end of a fold.
 *
 * @param events its events
 * @param amountTotal sum of its amounts
 * @param firstEventTimeMs event time of its earliest event, milliseconds since the epoch
 * @param lastEventTimeMs event time of its latest event
 * @param stateHash lower-case hex SHA-256 of its encoded feature state
 */
public record FoldedAccount(
        String account,
        long events,
        double amountTotal,
        long firstEventTimeMs,
        long lastEventTimeMs,
        String stateHash) {

    private static final JsonFactory JSON = new JsonFactory();

    /** One line of NDJSON, without its end. */
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("account", account);
            json.writeNumberField("events", events);
            json.writeNumberField("amountTotal", amountTotal);
            json.writeStringField(
                    "firstEventAt", Instant.ofEpochMilli(firstEventTimeMs).toString());
            json.writeStringField(
                    "lastEventAt", Instant.ofEpochMilli(lastEventTimeMs).toString());
            json.writeStringField("stateHash", stateHash);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }
}
