package io.outrider.spark.etl;

import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Transaction;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.training.etl.AccountFold;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.RiskInForce;
import io.outrider.training.etl.RiskKnown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Folds shares of accounts, one after the other, each in the order of the log: gives each event its vector, and at the end the
 * states. In memory are the accounts of one share.
 */
final class FoldShares implements MapPartitionsFunction<Row, Row> {

    private final RemoteUnits units;

    FoldShares(RemoteUnits units) {
        this.units = units;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> log) {
        return new Folded(log);
    }

    /** A share under way. */
    private record Share(int unit, AccountFold fold, RecordDecoder decoder, Optional<RiskInForce> risk) {}

    private final class Folded implements Iterator<Row> {

        private final Iterator<Row> log;
        private @Nullable Share share;
        private Iterator<AccountBytes> states = Collections.emptyIterator();
        private int statesOf;
        private @Nullable LogRow ahead;
        private @Nullable FoldedRow next;

        Folded(Iterator<Row> log) {
            this.log = log;
        }

        @Override
        public boolean hasNext() {
            try {
                next = next == null ? following() : next;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return next != null;
        }

        @Override
        public Row next() {
            FoldedRow row = hasNext() ? next : null;
            if (row == null) {
                throw new NoSuchElementException();
            }
            next = null;
            return row.row();
        }

        private @Nullable FoldedRow following() throws IOException {
            while (true) {
                if (states.hasNext()) {
                    return FoldedRow.state(statesOf, states.next());
                }
                LogRow row = ahead;
                ahead = null;
                if (row != null) {
                    share = begin(row);
                } else if (!log.hasNext()) {
                    if (share == null) {
                        return null;
                    }
                    end();
                } else {
                    row = LogRow.of(log.next());
                    if (row.sequenceNumber() == LogRow.BEGIN) {
                        ahead = row;
                        end();
                    } else if (row.sequenceNumber() == LogRow.REPORT) {
                        return FoldedRow.report(row);
                    } else {
                        return event(row);
                    }
                }
            }
        }

        private Share begin(LogRow row) throws IOException {
            PartitionUnit unit = units.unit(row.unit());
            AccountFold fold = unit.fold(account -> units.share(account) == row.share());
            return new Share(row.unit(), fold, unit.decoder(), unit.risk());
        }

        private void end() {
            if (share != null) {
                states = share.fold().states().iterator();
                statesOf = share.unit();
                share = null;
            }
        }

        private FoldedRow event(LogRow row) throws IOException {
            Share at = share;
            if (at == null || at.unit() != row.unit()) {
                throw new IllegalStateException("record " + row.sequenceNumber() + " comes before its share begins");
            }
            DecodeResult result = at.decoder().decode(row.body(), row.appendMs());
            if (!(result instanceof Transaction event)) {
                throw new IllegalStateException("what was an event when it was read is none: " + result);
            }
            RiskKnown known =
                    at.risk().isEmpty() ? RiskKnown.NOTHING : at.risk().get().at(row.sequenceNumber());
            double[] vector = at.fold().apply(event, known.risk());
            return FoldedRow.event(
                    row,
                    vector,
                    new FoldedRow.Marks(
                            known.version(), known.stale(), at.fold().late()));
        }
    }
}
