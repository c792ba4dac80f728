package io.outrider.lake.table;

import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes one Parquet file of a table, zstd-compressed. Holds one row group in memory, at most about 16 MiB. The same rows
 * give the same bytes. For one thread.
 *
 * <p>Columns of kind REAL have no dictionary: most of what is measured does not repeat, and finding that out costs several times the
 * memory of the values themselves. What does repeat is left to zstd.
 */
public final class TableFileWriter implements AutoCloseable {

    static final long ROW_GROUP_BYTES = 16L << 20;

    private static final double[] NO_REALS = {};

    private final int columns;
    private final ParquetWriter<TableRows.Row> writer;
    private long rows;

    /** Creates the file; IOException if it is there. */
    public TableFileWriter(Path file, TableSchema schema) throws IOException {
        this.columns = schema.columns().size();
        TableRows.Builder builder = new TableRows.Builder(new LocalOutputFile(file), schema)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withWriteMode(ParquetFileWriter.Mode.CREATE);
        for (Column column : schema.columns()) {
            if (column.kind() == Kind.REAL) {
                builder.withDictionaryEncoding(column.name(), false);
            }
        }
        this.writer = builder.build();
    }

    /**
     * Appends a row.
     *
     * @param values one per column, in order, of the class its kind says; null where it has none
     */
    public void add(@Nullable Object[] values) throws IOException {
        add(values, NO_REALS);
    }

    /**
     * Appends a row whose last columns are all of kind REAL, without an object for each of their values.
     *
     * @param values one per column that comes before
     * @param reals one per column of the last ones; NaN where it has none
     */
    public void add(@Nullable Object[] values, double[] reals) throws IOException {
        if (values.length + reals.length != columns) {
            throw new IllegalArgumentException(values.length + reals.length + " values for " + columns + " columns");
        }
        writer.write(new TableRows.Row(values, reals));
        rows++;
    }

    /** Rows so far. */
    public long rows() {
        return rows;
    }

    /** Ends the file. It is none before. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
