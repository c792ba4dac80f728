package io.outrider.lake.table;

import io.outrider.lake.table.TableSchema.Column;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands a table's rows to Parquet, value by value. The file is what Parquet's own writer of Avro records makes of them; that one
 * wants a record for each row, and an object for each number.
 */
final class TableRows extends WriteSupport<TableRows.Row> {

    private final List<Column> columns;
    private final Schema avro;
    private @Nullable RecordConsumer consumer;

    /**
     * A row.
     *
     * @param values of the first columns, each of the class its kind says; null where it has none
     * @param reals of the others, which are all {@link TableSchema.Kind#REAL}; NaN where it has none
     */
    record Row(@Nullable Object[] values, double[] reals) {}

    private TableRows(TableSchema schema) {
        this.columns = schema.columns();
        this.avro = schema.avro();
    }

    /** What makes a writer for a table. */
    static final class Builder extends ParquetWriter.Builder<Row, Builder> {

        private final TableSchema schema;

        Builder(OutputFile file, TableSchema schema) {
            super(file);
            this.schema = schema;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // it is abstract
        protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
            return new TableRows(schema);
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
            return new TableRows(schema);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // it is abstract
    public WriteContext init(Configuration configuration) {
        return init(new HadoopParquetConfiguration(configuration));
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(
                new AvroSchemaConverter(configuration).convert(avro), Map.of("parquet.avro.schema", avro.toString()));
    }

    @Override
    public String getName() {
        return "avro";
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(Row row) {
        RecordConsumer into = consumer;
        if (into == null) {
            throw new IllegalStateException("not prepared");
        }
        into.startMessage();
        int values = row.values().length;
        for (int column = 0; column < columns.size(); column++) {
            Object value = column < values ? row.values()[column] : null;
            double real = column < values ? Double.NaN : row.reals()[column - values];
            if (value == null && Double.isNaN(real)) {
                continue;
            }
            String name = columns.get(column).name();
            into.startField(name, column);
            if (value == null) {
                into.addDouble(real);
            } else {
                add(into, columns.get(column), value);
            }
            into.endField(name, column);
        }
        into.endMessage();
    }

    private static void add(RecordConsumer into, Column column, Object value) {
        switch (column.kind()) {
            case TEXT ->
                into.addBinary(Binary.fromConstantByteArray(((String) value).getBytes(StandardCharsets.UTF_8)));
            case INTEGER, TIME -> into.addLong((Long) value);
            case REAL -> into.addDouble((Double) value);
            case TRUTH -> into.addBoolean((Boolean) value);
        }
    }
}
