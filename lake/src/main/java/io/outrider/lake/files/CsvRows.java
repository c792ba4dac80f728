package io.outrider.lake.files;

import io.outrider.core.event.EventSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns CSV rows (RFC 4180) into JSON objects. A column that the schema reads as text becomes a string; any other
 * becomes a number or a boolean where the cell is one, else a string; an empty cell is left out.
 */
final class CsvRows {

    private static final int INITIAL_BYTES = 512;

    private final byte[][] prefixes;
    private final boolean[] text;
    private final int scenarioColumn;
    private byte[] out = new byte[INITIAL_BYTES];
    private int length;
    private byte[] cell = new byte[INITIAL_BYTES];
    private int scenario;

    private CsvRows(List<String> names, Set<String> textFields) {
        prefixes = new byte[names.size()][];
        text = new boolean[names.size()];
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] = (quote(names.get(i)) + ":").getBytes(StandardCharsets.UTF_8);
            text[i] = textFields.contains(names.get(i));
        }
        scenarioColumn = names.indexOf("fraud_scenario");
    }

    /** Reads the header line. */
    static CsvRows of(String header, EventSchema schema) {
        Set<String> textFields = new HashSet<>(schema.fields());
        textFields.remove(schema.amountField());
        TreeMap<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        schema.fields().forEach(field -> known.put(field, field));
        if (schema.fraudField() != null) {
            known.put(schema.fraudField(), schema.fraudField());
        }
        List<String> names = new ArrayList<>();
        for (String raw : header.split(",", -1)) {
            String name = raw.strip().replaceAll("^\"(.*)\"$", "$1").replace("\"\"", "\"");
            names.add(known.getOrDefault(name, name));
        }
        for (String required :
                List.of(schema.idField(), schema.accountField(), schema.amountField(), schema.timestampField())) {
            if (!names.contains(required)) {
                throw new IllegalArgumentException("neither NDJSON nor a CSV with a column '" + required
                        + "'; the first line is: " + shown(header));
            }
        }
        Set<String> different = new HashSet<>();
        for (String name : names) {
            if (!different.add(name)) {
                throw new IllegalArgumentException(
                        "two columns have one name, '" + name + "'; the first line is: " + shown(header));
            }
        }
        return new CsvRows(names, textFields);
    }

    private static String shown(String header) {
        return header.length() > 200 ? header.substring(0, 200) + "…" : header;
    }

    private static String quote(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
        }
        return quoted.append('"').toString();
    }

    /** The JSON of the reader's current line. */
    byte[] toJson(LineReader line) {
        byte[] in = line.buffer();
        int at = line.start();
        int end = line.end();
        length = 0;
        scenario = -1;
        put('{');
        int column = 0;
        while (true) {
            if (column == prefixes.length) {
                throw new IllegalArgumentException("the row has more cells than the header's " + prefixes.length);
            }
            if (at < end && in[at] == '"') {
                at = quotedCell(in, at, end, column);
            } else {
                int from = at;
                while (at < end && in[at] != ',') {
                    at++;
                }
                emit(column, in, from, at);
            }
            column++;
            if (at >= end) {
                break;
            }
            at++;
        }
        if (column < prefixes.length) {
            throw new IllegalArgumentException("the row has " + column + " cells, the header " + prefixes.length);
        }
        put('}');
        return Arrays.copyOf(out, length);
    }

    /** The current row's {@code fraud_scenario}, or -1. */
    int fraudScenario() {
        return scenario;
    }

    private int quotedCell(byte[] in, int quoteAt, int end, int column) {
        if (cell.length < end - quoteAt) {
            cell = new byte[(end - quoteAt) * 2];
        }
        int n = 0;
        int at = quoteAt + 1;
        while (at < end) {
            if (in[at] != '"') {
                cell[n++] = in[at++];
            } else if (at + 1 < end && in[at + 1] == '"') {
                cell[n++] = '"';
                at += 2;
            } else {
                break;
            }
        }
        at++;
        if (at < end && in[at] != ',') {
            throw new IllegalArgumentException("text follows the closing quote of cell " + (column + 1));
        }
        emit(column, cell, 0, n);
        return at;
    }

    private void emit(int column, byte[] in, int from, int to) {
        if (from == to) {
            return;
        }
        if (column == scenarioColumn) {
            scenario = parseScenario(in, from, to);
        }
        if (length > 1) {
            put(',');
        }
        put(prefixes[column], 0, prefixes[column].length);
        if (!text[column] && (Cells.isNumber(in, from, to) || Cells.isBoolean(in, from, to))) {
            boolean number = in[from] == '-' || in[from] <= '9';
            for (int i = from; i < to; i++) {
                put(number ? in[i] : in[i] | 0x20);
            }
            return;
        }
        put('"');
        for (int i = from; i < to; i++) {
            putEscaped(in[i]);
        }
        put('"');
    }

    private static int parseScenario(byte[] in, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (in[i] < '0' || in[i] > '9' || i - from > 8) {
                return -1;
            }
            value = value * 10 + in[i] - '0';
        }
        return value;
    }

    private void putEscaped(byte b) {
        if (b == '"' || b == '\\') {
            put('\\');
            put(b);
        } else if (b >= 0 && b < ' ') {
            byte[] escape = String.format(Locale.ROOT, "\\u%04x", (int) b).getBytes(StandardCharsets.US_ASCII);
            put(escape, 0, escape.length);
        } else {
            put(b);
        }
    }

    private void put(int b) {
        if (length == out.length) {
            out = Arrays.copyOf(out, out.length * 2);
        }
        out[length++] = (byte) b;
    }

    private void put(byte[] bytes, int from, int n) {
        while (length + n > out.length) {
            out = Arrays.copyOf(out, out.length * 2);
        }
        System.arraycopy(bytes, from, out, length, n);
        length += n;
    }
}
