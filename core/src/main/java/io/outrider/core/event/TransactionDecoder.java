package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * JSON bytes to {@link Transaction}, or the named reason why not. Reads the stream of tokens once, without building a
 * tree: unknown fields are skipped, of duplicate fields the last one counts, a byte order mark is tolerated. One
 * instance per thread.
 *
 * <p>Ids, names and the account are taken as they are, up to {@value FieldReader#MAX_TEXT_CHARS} characters (longer:
 * {@code wrong-type}); a blank optional field is an absent one. Bytes that are no JSON are {@code not-json} whatever
 * else is wrong with them; of several bad fields the first of id, account, amount, timestamp and the optional ones is
 * named.
 */
public final class TransactionDecoder {

    /** Records larger than this are rejected as {@code oversized}. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            // NaN and Infinity are no JSON, but producers write them, and "non-finite-amount" tells those more than
            // "not-json".
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_BYTES)
                    .maxNumberLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .build())
            .build();

    private static final int ID = 0;
    private static final int ACCOUNT = 1;
    private static final int AMOUNT = 2;
    private static final int TIMESTAMP = 3;
    private static final int MERCHANT = 4;
    private static final int DEVICE = 5;
    private static final int NETWORK = 6;
    private static final int CURRENCY = 7;
    private static final int FRAUD = 8;
    private static final int ROLES = 9;

    private final EventSchema schema;
    private final @Nullable String[] fields;
    private final FieldReader reader = new FieldReader();
    private final @Nullable Rejection[] problems = new Rejection[ROLES];
    private final @Nullable String[] texts = new String[ROLES];
    private double amount;
    private long eventTimeMs;
    private @Nullable Boolean fraud;

    public TransactionDecoder(EventSchema schema) {
        this.schema = schema;
        this.fields = new @Nullable String[] {
            schema.idField(),
            schema.accountField(),
            schema.amountField(),
            schema.timestampField(),
            schema.merchantField(),
            schema.deviceField(),
            schema.networkField(),
            schema.currencyField(),
            schema.fraudField()
        };
    }

    /**
     * Decodes one record's value. Never throws on any input.
     *
     * @param appendTimeMs the record's log append time, milliseconds since the epoch: what "far in the future" is measured against
     */
    public DecodeResult decode(byte[] value, long appendTimeMs) {
        reset();
        if (value.length > MAX_BYTES) {
            return Rejections.of(
                    RejectionReason.OVERSIZED, "record of " + value.length + " bytes is larger than " + MAX_BYTES);
        }
        try (JsonParser parser = JSON.createParser(value)) {
            readObject(parser);
        } catch (JsonProcessingException e) {
            return notJson(e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            // A parser's own defect must not stop a partition: to it, such bytes are unreadable too.
            return notJson(String.valueOf(e.getMessage()));
        }
        Rejection problem = firstProblem(appendTimeMs);
        return problem != null ? problem : transaction();
    }

    /** The id of the record last decoded, be it good or bad; null if none could be read. */
    public @Nullable String lastId() {
        return problems[ID] == null ? texts[ID] : null;
    }

    private void reset() {
        for (int role = 0; role < ROLES; role++) {
            problems[role] = null;
            texts[role] = null;
        }
        amount = Double.NaN;
        eventTimeMs = IsoTimestamp.INVALID;
        fraud = null;
    }

    private void readObject(JsonParser parser) throws IOException {
        JsonToken start = parser.nextToken();
        if (start != JsonToken.START_OBJECT) {
            throw new MalformedJson(start == null ? "record is empty" : "record is not a JSON object");
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            int role = roleOf(name);
            if (role >= 0) {
                readField(parser, token, role, name);
            } else {
                rejectNonNumber(parser, token);
            }
            skipNested(parser, token);
        }
        if (parser.nextToken() != null) {
            throw new MalformedJson("something follows the JSON object");
        }
    }

    private int roleOf(String name) {
        for (int role = 0; role < ROLES; role++) {
            if (name.equals(fields[role])) {
                return role;
            }
        }
        return -1;
    }

    private void readField(JsonParser parser, JsonToken token, int role, String name) throws IOException {
        switch (role) {
            case AMOUNT -> amount = reader.amount(parser, token, name, schema.negativeAmounts());
            case TIMESTAMP -> eventTimeMs = reader.timestamp(parser, token, name);
            case FRAUD -> fraud = reader.truth(parser, token, name);
            default -> texts[role] = reader.text(parser, token, name);
        }
        problems[role] = reader.problem();
    }

    private static void skipNested(JsonParser parser, JsonToken start) throws IOException {
        int depth = start.isStructStart() ? 1 : 0;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new MalformedJson("record ends inside a nested value");
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            rejectNonNumber(parser, token);
        }
    }

    private static void rejectNonNumber(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_FLOAT
                && Character.isLetter(parser.getText().charAt(parser.getTextLength() - 1))) {
            throw new MalformedJson(parser.getText() + " is not JSON");
        }
    }

    private @Nullable Rejection firstProblem(long appendTimeMs) {
        for (int role = 0; role < ROLES; role++) {
            Rejection problem = problems[role] != null ? problems[role] : missing(role);
            if (problem != null) {
                return problem;
            }
        }
        long aheadSeconds = Math.floorDiv(eventTimeMs, 1000L) - Math.floorDiv(appendTimeMs, 1000L);
        if (aheadSeconds > schema.maxAhead().toSeconds()) {
            return Rejections.of(
                    RejectionReason.FAR_FUTURE,
                    schema.timestampField() + " lies " + aheadSeconds + " s after the append time, at most "
                            + schema.maxAhead().toSeconds() + " s are allowed: "
                            + Instant.ofEpochMilli(eventTimeMs));
        }
        return null;
    }

    private @Nullable Rejection missing(int role) {
        boolean present = switch (role) {
            case ID, ACCOUNT -> texts[role] != null;
            case AMOUNT -> !Double.isNaN(amount);
            case TIMESTAMP -> eventTimeMs != IsoTimestamp.INVALID;
            default -> true;
        };
        if (!present) {
            return Rejections.of(RejectionReason.MISSING_FIELD, fields[role] + " is missing");
        }
        String text = texts[role];
        if (text != null && text.isBlank()) {
            if (role == ACCOUNT) {
                return Rejections.of(
                        RejectionReason.EMPTY_ACCOUNT, fields[role] + " is blank: " + Rejections.quoted(text));
            }
            if (role == ID) {
                return Rejections.of(
                        RejectionReason.MISSING_FIELD, fields[role] + " is blank: " + Rejections.quoted(text));
            }
            texts[role] = null;
        }
        return null;
    }

    private Transaction transaction() {
        return new Transaction(
                required(ID),
                required(ACCOUNT),
                amount,
                eventTimeMs,
                texts[MERCHANT],
                texts[DEVICE],
                texts[NETWORK],
                texts[CURRENCY],
                fraud);
    }

    private String required(int role) {
        String text = texts[role];
        if (text == null) {
            throw new AssertionError("a missing field was let through");
        }
        return text;
    }

    private static Rejection notJson(String detail) {
        return Rejections.of(RejectionReason.NOT_JSON, detail);
    }

    /** Well-formed tokens that do not make one JSON object. */
    private static final class MalformedJson extends IOException {
        MalformedJson(String message) {
            super(message);
        }
    }
}
