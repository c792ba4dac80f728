package io.outrider.spark.etl;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What reading gives to folding, as a row.
 *
 * @param unit number of the unit
 * @param share of its accounts
 * @param sequenceNumber of the record; {@link #BEGIN} for one that begins the share, {@link #REPORT} for the intake's report
 * @param appendMs of the record
 * @param body the record's, or the report as JSON
 */
@SuppressWarnings("ArrayRecordComponent")
record LogRow(int unit, int share, long sequenceNumber, long appendMs, byte[] body) {

    static final String UNIT = "unit";
    static final String SHARE = "share";
    static final String SEQUENCE_NUMBER = "sequence_number";

    static final StructType SCHEMA = new StructType()
            .add(UNIT, DataTypes.IntegerType, false)
            .add(SHARE, DataTypes.IntegerType, false)
            .add(SEQUENCE_NUMBER, DataTypes.LongType, false)
            .add("append_ms", DataTypes.LongType, false)
            .add("body", DataTypes.BinaryType, false);

    /** Comes before all records of a share, so that one without records is folded, too: its accounts are carried on. */
    static final long BEGIN = Long.MIN_VALUE;

    /** Comes behind all records. */
    static final long REPORT = Long.MAX_VALUE;

    static LogRow begin(int unit, int share) {
        return new LogRow(unit, share, BEGIN, 0, new byte[0]);
    }

    static LogRow of(Row row) {
        return new LogRow(row.getInt(0), row.getInt(1), row.getLong(2), row.getLong(3), row.<byte[]>getAs(4));
    }

    Row row() {
        return RowFactory.create(unit, share, sequenceNumber, appendMs, body);
    }
}
