package io.outrider.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads one Parquet file that {@link TableFileWriter} wrote, row by row. For one thread. */
public final class TableFileReader implements AutoCloseable {

    /** As which the rows are read; the constant in parquet-avro is private. */
    private static final String READ_SCHEMA = "parquet.avro.read.schema";

    private final ParquetReader<GenericRecord> reader;
    private List<String> columns = List.of();

    /** Reads every row. */
    public TableFileReader(Path file) throws IOException {
        this(file, FilterCompat.NOOP);
    }

    /** Reads some of the columns, which costs as much less as there are fewer of them; of a row, no other is there. */
    public static TableFileReader of(Path file, Predicate<String> columns) throws IOException {
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        String wanted = projection(file, columns).toString();
        configuration.set(AvroReadSupport.AVRO_REQUESTED_PROJECTION, wanted);
        configuration.set(READ_SCHEMA, wanted);
        return new TableFileReader(file, FilterCompat.NOOP, configuration);
    }

    private static Schema projection(Path file, Predicate<String> columns) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader footer = ParquetFileReader.open(new LocalInputFile(file), options)) {
            String written = footer.getFileMetaData().getKeyValueMetaData().get("parquet.avro.schema");
            if (written == null) {
                throw new IOException(file + " does not say what its columns are");
            }
            Schema all = new Schema.Parser().parse(written);
            List<Schema.Field> some = all.getFields().stream()
                    .filter(field -> columns.test(field.name()))
                    .map(field -> new Schema.Field(field, field.schema()))
                    .toList();
            return Schema.createRecord(all.getName(), all.getDoc(), all.getNamespace(), false, some);
        }
    }

    /** Reads the rows that a filter lets through, and skips the parts of the file whose statistics say that none is there. */
    public TableFileReader(Path file, FilterCompat.Filter filter) throws IOException {
        this(file, filter, new PlainParquetConfiguration());
    }

    private TableFileReader(Path file, FilterCompat.Filter filter, PlainParquetConfiguration configuration)
            throws IOException {
        this.reader = AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file), configuration)
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
