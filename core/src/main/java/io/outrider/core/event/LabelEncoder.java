package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * {@link Label} to the JSON that the labels topic carries. Since when it is known is not written: that is the append time
 * of the record.
 */
public final class LabelEncoder {

    static final String TRANSACTION_ID = "transaction_id";
    /** The account that a label is about. */
    public static final String ACCOUNT = "account";

    static final String MERCHANT = "merchant_id";
    static final String EVENT_TIME = "event_time";
    static final String VERDICT = "verdict";
    static final String SCENARIO = "scenario";
    static final String BY = "by";
    static final String VERSION = "version";
    static final String KNOWN_SINCE = "known_since";
    static final String FRAUD = "fraud";
    static final String GENUINE = "genuine";

    private static final JsonFactory JSON = new JsonFactory();

    private LabelEncoder() {}

    /** The label as one JSON object, UTF-8; merchant and scenario are left out where there is none. */
    public static byte[] encode(Label label) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField(TRANSACTION_ID, label.transactionId());
            json.writeStringField(ACCOUNT, label.account());
            if (label.merchant() != null) {
                json.writeStringField(MERCHANT, label.merchant());
            }
            json.writeStringField(
                    EVENT_TIME, Instant.ofEpochMilli(label.eventTimeMs()).toString());
            json.writeStringField(VERDICT, label.fraud() ? FRAUD : GENUINE);
            if (label.scenario() != null) {
                json.writeStringField(SCENARIO, label.scenario());
            }
            json.writeStringField(BY, label.by());
            json.writeNumberField(VERSION, label.version());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}
