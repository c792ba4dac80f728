package io.outrider.core.batch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front, because names of
 * merchants and accounts come from outside; numbers are written as they are.
 */
public final class CsvText {

    private CsvText() {}

    /** One line; null and NaN are empty. */
    public static String line(List<? extends @Nullable Object> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            append(line, values.get(i));
        }
        return line.append("\r\n").toString();
    }

    private static void append(StringBuilder line, @Nullable Object value) {
        if (value == null || (value instanceof Double number && number.isNaN())) {
            return;
        }
        String text = value.toString();
        if (value instanceof String && isFormula(text)) {
            text = "'" + text;
        }
        if (text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
            line.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            line.append(text);
        }
    }

    /** A number with a sign is none. */
    private static boolean isFormula(String text) {
        if (text.isEmpty() || "=+-@\t\r".indexOf(text.charAt(0)) < 0) {
            return false;
        }
        try {
            return !Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
