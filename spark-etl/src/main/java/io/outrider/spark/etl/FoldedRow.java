package io.outrider.spark.etl;

import io.outrider.lake.checkpoint.AccountBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What folding gives to writing, as a row: a report, an event with its vector, or an account's state at the end.
 *
 * @param unit number of the unit
 * @param kind {@link #IS_REPORT}, {@link #IS_EVENT} or {@link #IS_STATE}; sorts in that order
 * @param sequenceNumber of an event
 * @param account of a state: UTF-16, big-endian, which sorts as Java's strings do
 * @param appendMs of an event
 * @param body an event's record, a report as JSON, or a state
 * @param vector of an event, eight bytes a feature
 * @param marks of an event
 */
@SuppressWarnings("ArrayRecordComponent")
record FoldedRow(
        int unit,
        int kind,
        long sequenceNumber,
        byte[] account,
        long appendMs,
        byte[] body,
        byte[] vector,
        Marks marks) {

    static final String UNIT = "unit";
    static final String KIND = "kind";
    static final String SEQUENCE_NUMBER = "sequence_number";
    static final String ACCOUNT = "account";

    static final StructType SCHEMA = new StructType()
            .add(UNIT, DataTypes.IntegerType, false)
            .add(KIND, DataTypes.IntegerType, false)
            .add(SEQUENCE_NUMBER, DataTypes.LongType, false)
            .add(ACCOUNT, DataTypes.BinaryType, false)
            .add("append_ms", DataTypes.LongType, false)
            .add("body", DataTypes.BinaryType, false)
            .add("vector", DataTypes.BinaryType, false)
            .add("risk_version", DataTypes.LongType, true)
            .add("stale", DataTypes.BooleanType, false)
            .add("late", DataTypes.BooleanType, false);

    static final int IS_REPORT = 0;
    static final int IS_EVENT = 1;
    static final int IS_STATE = 2;

    private static final byte[] NONE = new byte[0];

    /** The table in force, whether it stands for another one, and whether the event was late. */
    record Marks(@Nullable Long riskVersion, boolean stale, boolean late) {
        static final Marks NONE = new Marks(null, false, false);
    }

    static FoldedRow report(LogRow of) {
        return new FoldedRow(of.unit(), IS_REPORT, 0, NONE, 0, of.body(), NONE, Marks.NONE);
    }

    static FoldedRow event(LogRow of, double[] vector, Marks marks) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * vector.length);
        bytes.asDoubleBuffer().put(vector);
        return new FoldedRow(
                of.unit(), IS_EVENT, of.sequenceNumber(), NONE, of.appendMs(), of.body(), bytes.array(), marks);
    }

    static FoldedRow state(int unit, AccountBytes of) {
        byte[] account = of.account().getBytes(StandardCharsets.UTF_16BE);
        return new FoldedRow(unit, IS_STATE, 0, account, 0, of.state(), NONE, Marks.NONE);
    }

    static FoldedRow of(Row row) {
        return new FoldedRow(
                row.getInt(0),
                row.getInt(1),
                row.getLong(2),
                row.<byte[]>getAs(3),
                row.getLong(4),
                row.<byte[]>getAs(5),
                row.<byte[]>getAs(6),
                new Marks(row.isNullAt(7) ? null : row.getLong(7), row.getBoolean(8), row.getBoolean(9)));
    }

    Row row() {
        return RowFactory.create(
                unit,
                kind,
                sequenceNumber,
                account,
                appendMs,
                body,
                vector,
                marks.riskVersion(),
                marks.stale(),
                marks.late());
    }

    String accountName() {
        return new String(account, StandardCharsets.UTF_16BE);
    }

    double[] vectorValues() {
        double[] values = new double[vector.length / Double.BYTES];
        ByteBuffer.wrap(vector).asDoubleBuffer().get(values);
        return values;
    }
}
