package io.outrider.core.event;

/** Words rejections so that a detail fits one log line, whatever the bytes were. */
final class Rejections {

    /** How much of an offending value is shown, in characters. */
    static final int MAX_VALUE_CHARS = 120;

    private static final int MAX_DETAIL_CHARS = 500;

    private Rejections() {}

    static Rejection of(RejectionReason reason, String detail) {
        String line = printable(detail);
        return new Rejection(
                reason, line.length() <= MAX_DETAIL_CHARS ? line : line.substring(0, MAX_DETAIL_CHARS - 1) + "…");
    }

    /** The value in quotation marks, cut to {@link #MAX_VALUE_CHARS}. */
    static String quoted(String value) {
        return '"' + (value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "…") + '"';
    }

    /** The text with control characters, line separators and lone surrogates escaped. */
    private static String printable(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean strange = Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029';
            if (strange) {
                out.append("\\u").append(Character.forDigit(c >> 12, 16));
                out.append(Character.forDigit(c >> 8 & 15, 16)).append(Character.forDigit(c >> 4 & 15, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
