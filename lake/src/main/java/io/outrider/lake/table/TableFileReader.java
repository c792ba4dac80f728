package io.outrider.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads one Parquet file that {@link TableFileWriter} wrote, row by row. For one thread. */
public final class TableFileReader implements AutoCloseable {

    private final ParquetReader<GenericRecord> reader;
    private List<String> columns = List.of();

    /** Reads every row. */
    public TableFileReader(Path file) throws IOException {
        this(file, FilterCompat.NOOP);
    }

    /** Reads the rows that a filter lets through, and skips the parts of the file whose statistics say that none is there. */
    public TableFileReader(Path file, FilterCompat.Filter filter) throws IOException {
        this.reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(file), new PlainParquetConfiguration())
                .withDataModel(new GenericData())
                .withFilter(filter)
                .build();
    }

    /** The next row's values, one per column, as they were written; null at the end. */
    public @Nullable Object @Nullable [] next() throws IOException {
        GenericRecord row = reader.read();
        if (row == null) {
            return null;
        }
        if (columns.isEmpty()) {
            columns =
                    row.getSchema().getFields().stream().map(Schema.Field::name).toList();
        }
        @Nullable
        Object[] values = new @Nullable Object[row.getSchema().getFields().size()];
        for (int column = 0; column < values.length; column++) {
            Object value = row.get(column);
            values[column] = value instanceof CharSequence ? value.toString() : value;
        }
        return values;
    }

    /** Names of the columns, in order; none before the first row is read. */
    public List<String> columns() {
        return columns;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
