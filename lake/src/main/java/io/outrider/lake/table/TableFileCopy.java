package io.outrider.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Copies a Parquet file that {@link TableFileWriter} wrote without some of its rows, whatever its columns are. The same rows
 * give the same bytes.
 */
public final class TableFileCopy {

    /** Says of a row, by its columns {@code account}, {@code partition} and {@code sequence_number}, whether it stays. */
    @FunctionalInterface
    public interface Stays {
        boolean test(String account, int partition, long sequenceNumber);
    }

    /**
     * What became of the rows.
     *
     * @param kept rows in the copy; without any there is no copy
     */
    public record Copied(long kept, long left) {}

    private TableFileCopy() {}

    /** Copies; {@code to} must not be there, and is not if no row stays. */
    public static Copied copy(Path from, Path to, Stays stays) throws IOException {
        long kept = 0;
        long left = 0;
        ParquetWriter<GenericRecord> writer = null;
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(from), new PlainParquetConfiguration())
                .withDataModel(new GenericData())
                .build()) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                if (!stays.test(row.get("account").toString(), ((Long) row.get("partition")).intValue(), (Long)
                        row.get("sequence_number"))) {
                    left++;
                    continue;
                }
                writer = writer == null ? writer(to, row) : writer;
                writer.write(row);
                kept++;
            }
        } finally {
            close(writer);
        }
        return new Copied(kept, left);
    }

    private static ParquetWriter<GenericRecord> writer(Path to, GenericRecord first) throws IOException {
        return AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(to))
                .withSchema(first.getSchema())
                .withDataModel(new GenericData())
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(TableFileWriter.ROW_GROUP_BYTES)
                .withWriteMode(ParquetFileWriter.Mode.CREATE)
                .build();
    }

    private static void close(@Nullable ParquetWriter<GenericRecord> writer) throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
