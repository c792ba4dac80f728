package io.outrider.training.etl;

import io.outrider.lake.table.TableSchema;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows on disk that wait for the end, by date, each date's in the order in which they came: those of dates whose file had
 * already been put. However many dates there are and however they take turns, this costs a buffer for a few of them. For one
 * thread.
 */
final class LateRows implements AutoCloseable {

    private static final int OPEN_FILES = 16;
    private static final int NONE = 0;
    private static final int TEXT = 1;
    private static final int INTEGER = 2;
    private static final int REAL = 3;
    private static final int FALSE = 4;
    private static final int TRUE = 5;

    private final Path scratch;
    private final int columns;
    private int realColumns;
    private final Map<Long, Long> rows = new TreeMap<>();
    private final Map<Long, DataOutputStream> open = new LinkedHashMap<>(16, 0.75f, true); // the longest unused first

    /** Takes a row. */
    interface Sink {
        void add(@Nullable Object[] row, double[] reals) throws IOException;
    }

    /**
     * None yet.
     *
     * @param scratch folder where its files may be made
     */
    LateRows(Path scratch, TableSchema schema) {
        this.scratch = scratch;
        this.columns = schema.columns().size();
    }

    /** @param reals the values of the last columns; as many in every row */
    void add(long day, @Nullable Object[] row, double[] reals) throws IOException {
        DataOutputStream out = open.get(day);
        if (out == null) {
            out = open(day);
        }
        for (Object value : row) {
            write(out, value);
        }
        for (double real : reals) {
            out.writeLong(Double.doubleToRawLongBits(real));
        }
        realColumns = reals.length;
        rows.merge(day, 1L, Long::sum);
    }

    /** Dates that rows wait of, in order. */
    List<Long> days() {
        return new ArrayList<>(rows.keySet());
    }

    /** Hands over a date's rows, and forgets them. */
    void drain(long day, Sink sink) throws IOException {
        DataOutputStream out = open.remove(day);
        if (out != null) {
            out.close();
        }
        Long waiting = rows.remove(day);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file(day))))) {
            for (long i = 0; waiting != null && i < waiting; i++) {
                @Nullable Object[] row = new @Nullable Object[columns - realColumns];
                for (int column = 0; column < row.length; column++) {
                    row[column] = read(in);
                }
                double[] rest = new double[realColumns];
                for (int column = 0; column < realColumns; column++) {
                    rest[column] = Double.longBitsToDouble(in.readLong());
                }
                sink.add(row, rest);
            }
        }
        Files.delete(file(day));
    }

    private DataOutputStream open(long day) throws IOException {
        if (open.size() >= OPEN_FILES) {
            Iterator<DataOutputStream> oldest = open.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                Files.newOutputStream(file(day), StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
        open.put(day, out);
        return out;
    }

    private Path file(long day) {
        return scratch.resolve("late-" + day + ".rows");
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NONE);
        } else if (value instanceof Double real) {
            out.writeByte(REAL);
            out.writeLong(Double.doubleToRawLongBits(real));
        } else if (value instanceof Long integer) {
            out.writeByte(INTEGER);
            out.writeLong(integer);
        } else if (value instanceof Boolean truth) {
            out.writeByte(truth ? TRUE : FALSE);
        } else {
            byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
            out.writeByte(TEXT);
            out.writeInt(text.length);
            out.write(text);
        }
    }

    private static @Nullable Object read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case NONE -> null;
            case REAL -> Double.longBitsToDouble(in.readLong());
            case INTEGER -> in.readLong();
            case FALSE, TRUE -> kind == TRUE;
            case TEXT -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            default -> throw new IOException("a row on disk is damaged: kind " + kind);
        };
    }

    /** Removes what there is on disk. */
    @Override
    public void close() throws IOException {
        for (DataOutputStream out : open.values()) {
            out.close();
        }
        open.clear();
        for (long day : days()) {
            Files.deleteIfExists(file(day));
        }
        rows.clear();
    }
}
