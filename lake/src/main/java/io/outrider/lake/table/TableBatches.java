package io.outrider.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads some of the columns of a Parquet file that {@link TableFileWriter} wrote, a batch of rows at a time, without an object for each
 * row or value. Memory is one row group as it is stored. For one thread.
 */
public final class TableBatches implements AutoCloseable {

    /** A few columns of so many rows stay in a core's cache. */
    private static final int BATCH_ROWS = 512;

    /** Values are taken from the columns themselves. */
    private static final GroupConverter UNUSED = new GroupConverter() {
        @Override
        public Converter getConverter(int field) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    };

    private final ParquetFileReader file;
    private final MessageType schema;
    private final List<ColumnReader> readers = new ArrayList<>();
    private long left;

    /** Opens the file for some of its columns: the fewer, the faster. */
    public TableBatches(Path path, Predicate<String> wanted) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        this.file = ParquetFileReader.open(new LocalInputFile(path), options);
        MessageType all = file.getFileMetaData().getSchema();
        List<Type> some = new ArrayList<>(all.getFields());
        some.removeIf(field -> !wanted.test(field.getName()));
        this.schema = new MessageType(all.getName(), some);
        file.setRequestedSchema(schema);
    }

    /** Reads the next rows; null at the end. */
    public @Nullable TableBatch next() throws IOException {
        while (left == 0) {
            PageReadStore group = file.readNextRowGroup();
            if (group == null) {
                return null;
            }
            ColumnReadStore store = new ColumnReadStoreImpl(
                    group, UNUSED, schema, file.getFileMetaData().getCreatedBy());
            readers.clear();
            schema.getColumns().forEach(column -> readers.add(store.getColumnReader(column)));
            left = group.getRowCount();
        }
        int rows = (int) Math.min(BATCH_ROWS, left);
        Map<String, TableColumn> columns = new HashMap<>();
        for (int i = 0; i < readers.size(); i++) {
            ColumnDescriptor column = schema.getColumns().get(i);
            columns.put(TableColumn.name(column), new TableColumn(column, readers.get(i), rows));
        }
        left -= rows;
        return new TableBatch(rows, columns);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
