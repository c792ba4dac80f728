package io.outrider.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes one Parquet file of a table, zstd-compressed. Holds one row group in memory, at most about 16 MiB. The same rows
 * give the same bytes. For one thread.
 */
public final class TableFileWriter implements AutoCloseable {

    static final long ROW_GROUP_BYTES = 16L << 20;

    private final int columns;
    private final ParquetWriter<GenericRecord> writer;
    private final Schema avro;
    private long rows;

    /** Creates the file; IOException if it is there. */
    public TableFileWriter(Path file, TableSchema schema) throws IOException {
        this.columns = schema.columns().size();
        this.avro = schema.avro();
        this.writer = AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
                .withSchema(avro)
                .withDataModel(new GenericData())
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withWriteMode(ParquetFileWriter.Mode.CREATE)
                .build();
    }

    /**
     * Appends a row.
     *
     * @param values one per column, in order, of the class its kind says; null where it has none
     */
    public void add(@Nullable Object[] values) throws IOException {
        if (values.length != columns) {
            throw new IllegalArgumentException(values.length + " values for " + columns + " columns");
        }
        GenericRecord row = new GenericData.Record(avro);
        for (int column = 0; column < columns; column++) {
            row.put(column, values[column]);
        }
        writer.write(row);
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
