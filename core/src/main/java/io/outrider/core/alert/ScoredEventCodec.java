package io.outrider.core.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Scored transactions as UTF-8 JSON, one object without line breaks; {@code schema/scored-transaction.schema.json}
 * describes every field. Spelt as in {@link AlertCodec}: a number that is not known (NaN) is null, equal values give
 * equal bytes. Thread-safe.
 */
public final class ScoredEventCodec {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ScoredEventCodec() {}

    public static byte[] encode(ScoredEvent scored) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", scored.id());
            AlertCodec.writeTransaction(json, scored.transaction());
            AlertCodec.writeNumber(json, "rawScore", scored.rawScore());
            AlertCodec.writeNumber(json, "score", scored.score());
            AlertCodec.writeNumber(json, "threshold", scored.threshold());
            json.writeBooleanField("alert", scored.alert());
            json.writeBooleanField("review", scored.review());
            AlertCodec.writeReceipt(json, scored.receipt());
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
