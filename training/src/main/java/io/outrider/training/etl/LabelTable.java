package io.outrider.training.etl;

import io.outrider.core.event.Label;
import io.outrider.lake.table.TableSchema;
import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The table of a dataset's labels: one row per label, corrections each a row of their own. Older files end before the scenario, and
 * nothing published is written again.
 */
public final class LabelTable {

    static final TableSchema SCHEMA = new TableSchema(
            "labels",
            "One row per label.",
            List.of(
                    new Column("partition", Kind.INTEGER, "Partition of the labels topic."),
                    new Column("sequence_number", Kind.INTEGER, "Number within it."),
                    new Column("account", Kind.TEXT, "The transaction's account."),
                    new Column("transaction_id", Kind.TEXT, "Its id: with the account it names the transaction."),
                    new Column("event_time", Kind.TIME, "When it happened, UTC."),
                    new Column("merchant", Kind.TEXT, "Its merchant, if told."),
                    new Column("fraud", Kind.TRUTH, "The verdict."),
                    new Column("known_at", Kind.TIME, "Since when that is known, UTC: when the log took the label."),
                    new Column("label_version", Kind.INTEGER, "From 1; the highest known at a time counts then."),
                    new Column("labelled_by", Kind.TEXT, "Who says so."),
                    new Column("scenario", Kind.TEXT, "What kind of fraud it was, if told.")));

    private static final int SCENARIO = 10;

    private LabelTable() {}

    @Nullable
    static Object[] row(int partition, long sequenceNumber, Label label) {
        return new @Nullable Object[] {
            (long) partition,
            sequenceNumber,
            label.account(),
            label.transactionId(),
            label.eventTimeMs(),
            label.merchant(),
            label.fraud(),
            label.knownSinceMs(),
            (long) label.version(),
            label.by(),
            label.scenario()
        };
    }

    /**
     * The label of a row that was read.
     *
     * @param row one value per column that its file has
     */
    public static Label label(@Nullable Object[] row) {
        return new Label(
                Objects.requireNonNull((String) row[3]),
                Objects.requireNonNull((String) row[2]),
                (String) row[5],
                Objects.requireNonNull((Long) row[4]),
                Objects.requireNonNull((Boolean) row[6]),
                row.length > SCENARIO ? (String) row[SCENARIO] : null,
                Objects.requireNonNull((String) row[9]),
                Math.toIntExact(Objects.requireNonNull((Long) row[8])),
                Objects.requireNonNull((Long) row[7]));
    }
}
