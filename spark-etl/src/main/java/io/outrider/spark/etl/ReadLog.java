package io.outrider.spark.etl;

import io.outrider.core.event.Transaction;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.etl.PartitionIntake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Reads a unit's log: its shares' beginnings, its events, each once and in order, and what was read. */
final class ReadLog implements FlatMapFunction<Long, Row> {

    private final RemoteUnits units;

    ReadLog(RemoteUnits units) {
        this.units = units;
    }

    @Override
    public Iterator<Row> call(Long number) throws IOException {
        int unit = Math.toIntExact(number);
        PartitionIntake intake = units.unit(unit).intake();
        TaskEnd.close(TaskContext.get(), intake);
        return new Rows(unit, intake);
    }

    private final class Rows implements Iterator<Row> {

        private final int unit;
        private final PartitionIntake intake;
        private int begun;
        private boolean reported;

        Rows(int unit, PartitionIntake intake) {
            this.unit = unit;
            this.intake = intake;
        }

        @Override
        public boolean hasNext() {
            return !reported;
        }

        @Override
        public Row next() {
            if (reported) {
                throw new NoSuchElementException();
            }
            if (begun < units.shares()) {
                return LogRow.begin(unit, begun++).row();
            }
            try {
                return following().row();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private LogRow following() throws IOException {
            @Nullable Transaction event = intake.next();
            if (event == null) {
                reported = true;
                intake.close();
                return new LogRow(unit, 0, LogRow.REPORT, 0, DatasetJson.write(intake.report()));
            }
            CapturedEvent record = intake.record();
            return new LogRow(
                    unit,
                    units.share(event.account()),
                    record.sequenceNumber(),
                    record.enqueuedTimeMs(),
                    Objects.requireNonNull(record.body(), "a record without a body is no event"));
        }
    }
}
