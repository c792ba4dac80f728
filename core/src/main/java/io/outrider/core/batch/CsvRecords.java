package io.outrider.core.batch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of CSV (RFC 4180, UTF-8, either line end, a byte order mark is passed over) to records, piece by piece: a field in quotes may
 * have separators, line ends and doubled quotes in it, and blank lines are no records. Holds one record, which may have at most
 * {@value #MAX_BYTES} bytes; what is longer becomes a record with one field, empty, and is marked. For one thread.
 */
public final class CsvRecords {

    /** Largest record. */
    public static final int MAX_BYTES = 64 * 1024;

    private enum State {
        START_OF_FIELD,
        PLAIN,
        QUOTED,
        QUOTE_IN_QUOTED
    }

    /**
     * A record.
     *
     * @param number of the record, from 1; the header is 1
     * @param oversized whether it was too long to be kept
     */
    public record Row(long number, List<String> fields, boolean oversized) {}

    private final ByteArrayOutputStream field = new ByteArrayOutputStream(256);
    private List<String> fields = new ArrayList<>();
    private State state = State.START_OF_FIELD;
    private long number;
    /** Bytes of the record so far; one more than it may have once it has too many. */
    private int size;

    private boolean first = true;

    /** The records that end in this piece. */
    public List<Row> feed(byte[] piece) {
        List<Row> rows = new ArrayList<>();
        for (byte next : piece) {
            take(next, rows);
        }
        return rows;
    }

    /** The last record, where the bytes do not end with a line end. */
    public List<Row> end() {
        List<Row> rows = new ArrayList<>();
        endOfRecord(rows);
        return rows;
    }

    /** Bytes and fields held of the record at hand. */
    int kept() {
        return field.size() + fields.size();
    }

    private void take(byte next, List<Row> rows) {
        size = Math.min(size, MAX_BYTES) + 1;
        switch (state) {
            case QUOTED -> {
                if (next == '"') {
                    state = State.QUOTE_IN_QUOTED;
                } else {
                    keep(next);
                }
            }
            case QUOTE_IN_QUOTED -> {
                if (next == '"') {
                    keep(next);
                    state = State.QUOTED;
                } else {
                    state = State.PLAIN;
                    plain(next, rows);
                }
            }
            case START_OF_FIELD -> {
                if (next == '"') {
                    state = State.QUOTED;
                } else {
                    plain(next, rows);
                }
            }
            case PLAIN -> plain(next, rows);
        }
    }

    private void plain(byte next, List<Row> rows) {
        if (next == ',') {
            endOfField();
        } else if (next == '\n') {
            endOfRecord(rows);
        } else if (next != '\r') {
            keep(next);
            state = State.PLAIN;
        }
    }

    private void keep(byte next) {
        if (size <= MAX_BYTES) {
            field.write(next);
        }
    }

    private void endOfField() {
        String text = field.toString(StandardCharsets.UTF_8);
        if (first && fields.isEmpty() && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        field.reset();
        if (size <= MAX_BYTES) {
            fields.add(text);
        }
        state = State.START_OF_FIELD;
    }

    private void endOfRecord(List<Row> rows) {
        boolean blank = fields.isEmpty() && field.size() == 0 && state == State.START_OF_FIELD;
        if (!blank) {
            boolean oversized = size > MAX_BYTES;
            endOfField();
            number++;
            rows.add(new Row(number, oversized ? List.of("") : fields, oversized));
            first = false;
        }
        fields = new ArrayList<>();
        size = 0;
    }
}
