package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.outrider.core.pseudonym.AccountNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON bytes to {@link Label}, or the named reason why not. Field names are {@link LabelEncoder}'s; unknown fields are
 * skipped, of duplicate fields the last one counts, ids and scenarios may be whole numbers, a blank merchant or scenario
 * is none, and the space around a scenario is left out. Of several bad fields the first in the order of the encoder is
 * named. One instance per thread.
 */
public final class LabelDecoder {

    /** Labels larger than this are rejected as {@code oversized}. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Longest name of a scenario in characters: it becomes a part of metrics' names. */
    static final int MAX_SCENARIO_CHARS = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_BYTES)
                    .maxNumberLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .build())
            .build();

    private static final List<String> FIELDS = List.of(
            LabelEncoder.TRANSACTION_ID,
            LabelEncoder.ACCOUNT,
            LabelEncoder.MERCHANT,
            LabelEncoder.EVENT_TIME,
            LabelEncoder.VERDICT,
            LabelEncoder.SCENARIO,
            LabelEncoder.BY,
            LabelEncoder.VERSION,
            LabelEncoder.KNOWN_SINCE);

    private final Duration maxAhead;
    private final boolean historical;
    private final AccountNames names;
    private final FieldReader reader = new FieldReader();
    private final @Nullable Rejection[] problems = new Rejection[FIELDS.size()];
    private final @Nullable String[] texts = new String[FIELDS.size()];
    private long eventTimeMs;
    private long knownSinceMs;

    /**
     * A decoder.
     *
     * @param maxAhead how far a transaction's event time may lie after its label became known: clocks differ
     * @param historical whether a label may declare since when it is known; otherwise {@code wrong-value}
     */
    public LabelDecoder(Duration maxAhead, boolean historical) {
        this(maxAhead, historical, AccountNames.IDS);
    }

    /** One that names accounts as they are known behind their topic. */
    LabelDecoder(Duration maxAhead, boolean historical, AccountNames names) {
        this.names = names;
        this.maxAhead = maxAhead;
        this.historical = historical;
    }

    /**
     * Decodes one record's value. Never throws on any input.
     *
     * @param appendTimeMs the record's log append time, milliseconds since the epoch: since then it is known
     */
    public LabelResult decode(byte[] value, long appendTimeMs) {
        Arrays.fill(problems, null);
        Arrays.fill(texts, null);
        eventTimeMs = IsoTimestamp.INVALID;
        knownSinceMs = IsoTimestamp.INVALID;
        if (value.length > MAX_BYTES) {
            return Rejections.of(
                    RejectionReason.OVERSIZED, "label of " + value.length + " bytes is larger than " + MAX_BYTES);
        }
        try (JsonParser parser = JSON.createParser(value)) {
            String malformed = readObject(parser);
            if (malformed != null) {
                return Rejections.of(RejectionReason.NOT_JSON, malformed);
            }
        } catch (JsonProcessingException e) {
            return Rejections.of(RejectionReason.NOT_JSON, e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            return Rejections.of(RejectionReason.NOT_JSON, String.valueOf(e.getMessage()));
        }
        Rejection problem = firstProblem(appendTimeMs);
        return problem != null ? problem : label(appendTimeMs);
    }

    /** Reads the fields; the answer says why it is no JSON object, or is null. */
    private @Nullable String readObject(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return "label is not a JSON object";
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            int field = FIELDS.indexOf(name);
            if (field >= 0) {
                if (name.equals(LabelEncoder.EVENT_TIME)) {
                    eventTimeMs = reader.timestamp(parser, token, name);
                } else if (name.equals(LabelEncoder.KNOWN_SINCE)) {
                    knownSinceMs = reader.timestamp(parser, token, name);
                } else {
                    texts[field] = reader.text(parser, token, name);
                }
                problems[field] = reader.problem();
            }
            parser.skipChildren();
        }
        return parser.nextToken() == null ? null : "something follows the JSON object";
    }

    private @Nullable Rejection firstProblem(long appendTimeMs) {
        List<@Nullable Rejection> found = new ArrayList<>();
        for (int field = 0; field < problems.length; field++) {
            found.add(problems[field] != null ? problems[field] : meaning(FIELDS.get(field), texts[field]));
        }
        for (Rejection problem : found) {
            if (problem != null) {
                return problem;
            }
        }
        return times(appendTimeMs);
    }

    /** Why a field that could be read says nothing that a label may say; null if it does. */
    private @Nullable Rejection meaning(String field, @Nullable String text) {
        return switch (field) {
            case LabelEncoder.EVENT_TIME -> eventTimeMs == IsoTimestamp.INVALID ? missing(field) : null;
            case LabelEncoder.VERDICT ->
                text == null
                        ? missing(field)
                        : verdict(text) == null ? wrong(field, "is neither fraud nor genuine", text) : null;
            case LabelEncoder.SCENARIO -> scenario(text);
            case LabelEncoder.VERSION ->
                text == null
                        ? missing(field)
                        : version(text) < 1 ? wrong(field, "is no whole number from 1 on", text) : null;
            case LabelEncoder.ACCOUNT -> {
                boolean blank = text != null && text.isBlank();
                yield text == null
                        ? missing(field)
                        : blank ? Rejections.of(RejectionReason.EMPTY_ACCOUNT, field + " is blank") : null;
            }
            case LabelEncoder.TRANSACTION_ID, LabelEncoder.BY -> text == null || text.isBlank() ? missing(field) : null;
            default -> null;
        };
    }

    private @Nullable Rejection scenario(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (LabelEncoder.GENUINE.equals(texts[FIELDS.indexOf(LabelEncoder.VERDICT)])) {
            return wrong(LabelEncoder.SCENARIO, "is a kind of fraud, and the verdict is genuine", text);
        }
        return text.strip().length() > MAX_SCENARIO_CHARS
                ? wrong(LabelEncoder.SCENARIO, "is longer than " + MAX_SCENARIO_CHARS + " characters", text)
                : null;
    }

    private @Nullable Rejection times(long appendTimeMs) {
        long since = appendTimeMs;
        if (knownSinceMs != IsoTimestamp.INVALID) {
            String shown = Instant.ofEpochMilli(knownSinceMs).toString();
            if (!historical) {
                return wrong(LabelEncoder.KNOWN_SINCE, "may only be declared in a historical import", shown);
            }
            if (knownSinceMs > appendTimeMs) {
                return wrong(LabelEncoder.KNOWN_SINCE, "lies after the append time", shown);
            }
            since = knownSinceMs;
        }
        long aheadSeconds = Math.floorDiv(eventTimeMs, 1000L) - Math.floorDiv(since, 1000L);
        if (aheadSeconds > maxAhead.toSeconds()) {
            return Rejections.of(
                    RejectionReason.FAR_FUTURE,
                    LabelEncoder.EVENT_TIME + " lies " + aheadSeconds + " s after the label is known, at most "
                            + maxAhead.toSeconds() + " s are allowed: " + Instant.ofEpochMilli(eventTimeMs));
        }
        return null;
    }

    private Label label(long appendTimeMs) {
        String merchant = texts[FIELDS.indexOf(LabelEncoder.MERCHANT)];
        String scenario = texts[FIELDS.indexOf(LabelEncoder.SCENARIO)];
        return new Label(
                required(LabelEncoder.TRANSACTION_ID),
                names.of(required(LabelEncoder.ACCOUNT)),
                merchant == null || merchant.isBlank() ? null : merchant,
                eventTimeMs,
                Boolean.TRUE.equals(verdict(required(LabelEncoder.VERDICT))),
                scenario == null || scenario.isBlank() ? null : scenario.strip(),
                required(LabelEncoder.BY),
                version(required(LabelEncoder.VERSION)),
                knownSinceMs == IsoTimestamp.INVALID ? appendTimeMs : knownSinceMs);
    }

    private String required(String field) {
        String text = texts[FIELDS.indexOf(field)];
        if (text == null) {
            throw new AssertionError("a missing field was let through");
        }
        return text;
    }

    private static @Nullable Boolean verdict(String text) {
        return switch (text) {
            case LabelEncoder.FRAUD -> Boolean.TRUE;
            case LabelEncoder.GENUINE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static int version(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Rejection missing(String field) {
        return Rejections.of(RejectionReason.MISSING_FIELD, field + " is missing");
    }

    private static Rejection wrong(String field, String complaint, String value) {
        return Rejections.of(RejectionReason.WRONG_VALUE, field + " " + complaint + ": " + Rejections.quoted(value));
    }
}
