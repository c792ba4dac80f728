package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field's value where a parser stands, tolerantly: ids as text or whole numbers, amounts as numbers or
 * numeric text, truth as boolean, 0/1 or text. A value that cannot be read leaves its reason in {@link #problem}. One
 * instance per thread.
 */
final class FieldReader {

    /**
     * Longest id, account or name in characters; what is longer is {@code wrong-type}, so that state and keys stay
     * bounded.
     */
    static final int MAX_TEXT_CHARS = 256;

    private final IsoTimestamp timestamps = new IsoTimestamp();
    private @Nullable Rejection problem;

    /** Why the last value could not be read, or null if it could. */
    @Nullable
    Rejection problem() {
        return problem;
    }

    /** Text, or a whole number as its digits; null if the value is null or unreadable. */
    @Nullable
    String text(JsonParser parser, JsonToken token, String field) throws IOException {
        problem = null;
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is neither text nor a whole number");
            return null;
        }
        if (parser.getTextLength() > MAX_TEXT_CHARS) {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is longer than 256 characters");
            return null;
        }
        String text = parser.getText();
        if (!wellFormed(text)) {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is not valid Unicode");
            return null;
        }
        return text;
    }

    /** The amount; NaN if the value is null or unreadable. */
    double amount(JsonParser parser, JsonToken token, String field, boolean negativeAllowed) throws IOException {
        problem = null;
        if (token == JsonToken.VALUE_NULL) {
            return Double.NaN;
        }
        double amount;
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            amount = parser.getDoubleValue();
        } else if (token == JsonToken.VALUE_STRING && isNumeric(parser.getText().strip())) {
            amount = parseDouble(parser.getText().strip());
        } else {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is not a number");
            return Double.NaN;
        }
        if (!Double.isFinite(amount)) {
            fail(RejectionReason.NON_FINITE_AMOUNT, field, parser, token, "is not a finite number");
            return Double.NaN;
        }
        if (amount < 0 && !negativeAllowed) {
            fail(RejectionReason.NEGATIVE_AMOUNT, field, parser, token, "is below zero");
            return Double.NaN;
        }
        return amount + 0.0; // negative zero becomes zero, so that equal amounts are equal bytes
    }

    /** Milliseconds since the epoch; {@link IsoTimestamp#INVALID} if the value is null or unreadable. */
    long timestamp(JsonParser parser, JsonToken token, String field) throws IOException {
        problem = null;
        if (token == JsonToken.VALUE_NULL) {
            return IsoTimestamp.INVALID;
        }
        if (token != JsonToken.VALUE_STRING) {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is not text");
            return IsoTimestamp.INVALID;
        }
        long ms = timestamps.parse(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        if (ms == IsoTimestamp.INVALID) {
            fail(RejectionReason.UNPARSEABLE_TIMESTAMP, field, parser, token, "is not an ISO-8601 date and time");
        }
        return ms;
    }

    /** True, false, or null if the value is null, blank or unreadable. */
    @Nullable
    Boolean truth(JsonParser parser, JsonToken token, String field) throws IOException {
        problem = null;
        if (token.isStructStart()) {
            fail(RejectionReason.WRONG_TYPE, field, parser, token, "is neither true nor false");
            return null;
        }
        switch (parser.getText().strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "1.0" -> {
                return Boolean.TRUE;
            }
            case "false", "0", "0.0" -> {
                return Boolean.FALSE;
            }
            case "", "null" -> {
                return null;
            }
            default -> {
                fail(RejectionReason.WRONG_TYPE, field, parser, token, "is neither true nor false");
                return null;
            }
        }
    }

    private void fail(RejectionReason reason, String field, JsonParser parser, JsonToken token, String complaint)
            throws IOException {
        String value =
                token.isStructStart() ? (token == JsonToken.START_OBJECT ? "an object" : "an array") : quote(parser);
        problem = Rejections.of(reason, field + " " + complaint + ": " + value);
    }

    private static String quote(JsonParser parser) throws IOException {
        int shown = Math.min(parser.getTextLength(), Rejections.MAX_VALUE_CHARS + 1);
        return Rejections.quoted(new String(parser.getTextCharacters(), parser.getTextOffset(), shown));
    }

    private static double parseDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN; // only the spellings of infinity and NaN that Java does not know come here
        }
    }

    /**
     * Whether the text is a JSON-like decimal, or a spelling of NaN or infinity, which is a number of the wrong kind.
     */
    private static boolean isNumeric(String text) {
        int i = signLength(text, 0);
        String unsigned = text.substring(i).toLowerCase(Locale.ROOT);
        if (unsigned.equals("nan") || unsigned.equals("infinity") || unsigned.equals("inf")) {
            return true;
        }
        int whole = digitsEnd(text, i);
        int fraction = whole < text.length() && text.charAt(whole) == '.' ? digitsEnd(text, whole + 1) : whole;
        boolean hasDigits = whole > i || fraction > whole + 1;
        if (!hasDigits || fraction == text.length()) {
            return hasDigits;
        }
        char exponent = text.charAt(fraction);
        int exponentStart = fraction + 1 + signLength(text, fraction + 1);
        int exponentEnd = digitsEnd(text, exponentStart);
        return (exponent == 'e' || exponent == 'E') && exponentEnd > exponentStart && exponentEnd == text.length();
    }

    private static int signLength(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? 1 : 0;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    /** Whether every surrogate has its other half; text that has not would change on its way through UTF-8. */
    private static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
