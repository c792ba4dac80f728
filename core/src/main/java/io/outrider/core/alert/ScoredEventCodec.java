package io.outrider.core.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Scored transactions as UTF-8 JSON, one object without line breaks; {@code schema/scored-transaction.schema.json}
 * describes every field. Spelt as in {@link AlertCodec}: a number that is not known (NaN) is null, equal values give
 * equal bytes. Thread-safe.
 */
public final class ScoredEventCodec {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

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

    /** Throws IllegalArgumentException on bytes that are no scored transaction. */
    public static ScoredEvent decode(byte[] bytes) {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("no scored transaction: " + e.getMessage(), e);
        }
        return new ScoredEvent(
                AlertCodec.text(root, "id"),
                AlertCodec.transaction(root),
                AlertCodec.number(root, "rawScore"),
                AlertCodec.number(root, "score"),
                AlertCodec.number(root, "threshold"),
                AlertCodec.child(root, "alert").booleanValue(),
                AlertCodec.child(root, "review").booleanValue(),
                AlertCodec.receipt(AlertCodec.child(root, "receipt")));
    }
}
