package io.outrider.lake.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * A table's columns, in order. Each may be null in a row. The descriptions travel in the file, in the Avro schema that its
 * metadata holds.
 *
 * @param name the table's, a letter first, then letters, digits and underscores
 * @param description what a row is
 */
public record TableSchema(String name, String description, List<Column> columns) {

    /** What a column holds, and the Java class of its values. */
    public enum Kind {
        /** String. */
        TEXT,
        /** Long. */
        INTEGER,
        /** Double; NaN and infinities are kept, and are not null. */
        REAL,
        /** Boolean. */
        TRUTH,
        /** Long: milliseconds since the epoch, UTC; a timestamp to whoever reads the file. */
        TIME
    }

    /**
     * A column.
     *
     * @param name as the table's
     * @param description what it means, with unit and range
     */
    public record Column(String name, Kind kind, String description) {}

    public TableSchema {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " has no column");
        }
    }

    Schema avro() {
        List<Schema.Field> fields = new ArrayList<>();
        for (Column column : columns) {
            Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), avro(column.kind()));
            fields.add(
                    new Schema.Field(column.name(), nullable, column.description(), Schema.Field.NULL_DEFAULT_VALUE));
        }
        return Schema.createRecord(name, description, "io.outrider.table", false, fields);
    }

    private static Schema avro(Kind kind) {
        return switch (kind) {
            case TEXT -> Schema.create(Schema.Type.STRING);
            case INTEGER -> Schema.create(Schema.Type.LONG);
            case REAL -> Schema.create(Schema.Type.DOUBLE);
            case TRUTH -> Schema.create(Schema.Type.BOOLEAN);
            case TIME -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        };
    }
}
