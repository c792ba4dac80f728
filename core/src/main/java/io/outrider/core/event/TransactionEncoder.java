package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transaction} to JSON bytes, the inverse of {@link TransactionDecoder} for the same schema: required fields
 * first, absent optional fields left out, time as ISO-8601 with {@code Z}. Thread-safe.
 */
public final class TransactionEncoder {

    private static final JsonFactory JSON = new JsonFactory();

    private final SerializedString id;
    private final SerializedString account;
    private final SerializedString amount;
    private final SerializedString timestamp;
    private final @Nullable SerializedString merchant;
    private final @Nullable SerializedString device;
    private final @Nullable SerializedString network;
    private final @Nullable SerializedString currency;
    private final @Nullable SerializedString fraud;

    public TransactionEncoder(EventSchema schema) {
        id = new SerializedString(schema.idField());
        account = new SerializedString(schema.accountField());
        amount = new SerializedString(schema.amountField());
        timestamp = new SerializedString(schema.timestampField());
        merchant = optional(schema.merchantField());
        device = optional(schema.deviceField());
        network = optional(schema.networkField());
        currency = optional(schema.currencyField());
        fraud = optional(schema.fraudField());
    }

    private static @Nullable SerializedString optional(@Nullable String field) {
        return field == null ? null : new SerializedString(field);
    }

    /** The transaction as one JSON object. What the schema has no field for is left out. */
    public byte[] encode(Transaction transaction) {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            text(json, id, transaction.transactionId());
            text(json, account, transaction.account());
            json.writeFieldName(amount);
            json.writeNumber(transaction.amount());
            text(
                    json,
                    timestamp,
                    Instant.ofEpochMilli(transaction.eventTimeMs()).toString());
            text(json, merchant, transaction.merchant());
            text(json, device, transaction.device());
            text(json, network, transaction.network());
            text(json, currency, transaction.currency());
            if (fraud != null && transaction.fraud() != null) {
                json.writeFieldName(fraud);
                json.writeBoolean(transaction.fraud());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void text(JsonGenerator json, @Nullable SerializedString field, @Nullable String value)
            throws IOException {
        if (field != null && value != null) {
            json.writeFieldName(field);
            json.writeString(value);
        }
    }
}
