package io.outrider.lake.table;

import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A column's values in a {@link TableBatch}, in arrays: what {@link TableFileReader} gives as objects costs some fifteen times as much.
 * Asked for a kind that it does not hold, it has none. Numbers and truths may be asked for by several threads at once, texts by one.
 */
public final class TableColumn {

    private final String name;
    private final PrimitiveTypeName kind;
    private final boolean[] known;
    private final double[] reals;
    private final long[] wholes;
    private final boolean[] truths;
    private final @Nullable Binary[] texts;
    private @Nullable Binary decoded;
    private @Nullable String text;

    /** Takes the next rows of a column. */
    TableColumn(ColumnDescriptor descriptor, ColumnReader values, int rows) {
        this.name = name(descriptor);
        this.kind = descriptor.getPrimitiveType().getPrimitiveTypeName();
        this.known = new boolean[rows];
        this.reals = new double[kind == PrimitiveTypeName.DOUBLE ? rows : 0];
        this.wholes = new long[kind == PrimitiveTypeName.INT64 ? rows : 0];
        this.truths = new boolean[kind == PrimitiveTypeName.BOOLEAN ? rows : 0];
        this.texts = new @Nullable Binary[kind == PrimitiveTypeName.BINARY ? rows : 0];
        int present = descriptor.getMaxDefinitionLevel();
        for (int row = 0; row < rows; row++) {
            known[row] = values.getCurrentDefinitionLevel() == present;
            if (known[row]) {
                take(values, row);
            }
            values.consume();
        }
    }

    private void take(ColumnReader values, int row) {
        switch (kind) {
            case DOUBLE -> reals[row] = values.getDouble();
            case INT64 -> wholes[row] = values.getLong();
            case BOOLEAN -> truths[row] = values.getBoolean();
            case BINARY -> texts[row] = values.getBinary();
            default -> known[row] = false;
        }
    }

    /** The number in a row of the batch; NaN where it has none. */
    public double real(int row) {
        return reals.length > 0 && known[row] ? reals[row] : Double.NaN;
    }

    /**
     * The whole number or time in a row of the batch.
     *
     * @throws IllegalStateException if it has none
     */
    public long whole(int row) {
        if (wholes.length == 0 || !known[row]) {
            throw new IllegalStateException("a row without " + name);
        }
        return wholes[row];
    }

    /** The text in a row of the batch; null where it has none. */
    public @Nullable String text(int row) {
        Binary bytes = texts.length > 0 && known[row] ? texts[row] : null;
        if (bytes == null) {
            return null;
        }
        if (!bytes.equals(decoded)) { // decoding costs more than comparing, and values repeat
            decoded = bytes;
            text = bytes.toStringUsingUTF8();
        }
        return text;
    }

    /** Whether it is so in a row of the batch; null where that is not known. */
    public @Nullable Boolean truth(int row) {
        return (truths.length > 0 && known[row]) ? (Boolean) truths[row] : null;
    }

    /** As the table's. */
    static String name(ColumnDescriptor descriptor) {
        return String.join(".", Arrays.asList(descriptor.getPath()));
    }
}
