package io.outrider.spark.etl;

import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.checkpoint.AccountSink;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.etl.PartitionIntake;
import io.outrider.training.etl.PartitionOutput;
import io.outrider.training.etl.PartitionResult;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.RiskKnown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Writes units, one after the other: rows in the order of the log, states, and the result, which it also gives, as JSON. */
final class WriteUnits implements MapPartitionsFunction<Row, String> {

    private final RemoteUnits units;

    WriteUnits(RemoteUnits units) {
        this.units = units;
    }

    @Override
    public Iterator<String> call(Iterator<Row> folded) throws IOException {
        List<String> results = new ArrayList<>();
        Ahead rows = new Ahead(folded);
        for (FoldedRow row = rows.row; row != null; row = rows.row) {
            PartitionUnit unit = units.unit(row.unit());
            try (PartitionOutput output = unit.output()) {
                results.add(new String(DatasetJson.write(write(unit, output, rows)), StandardCharsets.UTF_8));
            }
        }
        return results.iterator();
    }

    /** Rows, the next of which can be looked at. */
    private static final class Ahead {

        private final Iterator<Row> rows;
        private @Nullable FoldedRow row;

        Ahead(Iterator<Row> rows) {
            this.rows = rows;
            advance();
        }

        void advance() {
            row = rows.hasNext() ? FoldedRow.of(rows.next()) : null;
        }

        @Nullable
        FoldedRow of(int unit, int kind) {
            FoldedRow at = row;
            return at != null && at.unit() == unit && at.kind() == kind ? at : null;
        }
    }

    private static PartitionResult write(PartitionUnit unit, PartitionOutput output, Ahead rows) throws IOException {
        FoldedRow first = rows.row;
        if (first == null || first.kind() != FoldedRow.IS_REPORT) {
            throw new IllegalStateException("the report on partition " + unit.partition() + " is missing");
        }
        PartitionIntake.Report report = DatasetJson.read("a task's report", first.body(), PartitionIntake.Report.class);
        rows.advance();
        RecordDecoder decoder = unit.decoder();
        for (FoldedRow row = rows.of(first.unit(), FoldedRow.IS_EVENT);
                row != null;
                row = rows.of(first.unit(), FoldedRow.IS_EVENT)) {
            Transaction event = (Transaction) decoder.decode(row.body(), row.appendMs());
            RiskKnown known = new RiskKnown(
                    MerchantRisk.NONE, row.marks().riskVersion(), row.marks().stale());
            output.add(
                    new PartitionOutput.Made(
                            row.sequenceNumber(),
                            row.appendMs(),
                            known,
                            row.marks().late()),
                    event,
                    row.vectorValues());
            rows.advance();
        }
        return unit.complete(unit.finish(output, report, sink -> pass(first.unit(), rows, sink)));
    }

    private static void pass(int unit, Ahead rows, AccountSink sink) throws IOException {
        for (FoldedRow row = rows.of(unit, FoldedRow.IS_STATE); row != null; row = rows.of(unit, FoldedRow.IS_STATE)) {
            sink.put(row.accountName(), row.body());
            rows.advance();
        }
    }
}
