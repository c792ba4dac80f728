package io.outrider.lake.alert;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LogPosition;
import io.outrider.lake.table.TableSchema;
import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import java.util.List;
import java.util.Locale;

/**
 * The tables of the alert store. In each the first column is the time that orders its rows, the second an id that is the same
 * when a row is written again, and the last one the whole document as JSON; those between are for search and other engines.
 */
public enum StoredTable {
    /** What the alerts topic carries, by event time. */
    ALERTS("One alert a row.", decisions()),
    /** Transactions that raised no alert and are marked for review, by event time. */
    REVIEWS("One transaction of the review sample a row.", decisions()),
    /** What the labels topic carries, by the time at which it became known; never changed, a correction is a further row. */
    LABELS(
            "One label a row.",
            List.of(
                    new Column("known_since", Kind.TIME, "When the label became known."),
                    new Column("id", Kind.TEXT, "Its place in the labels topic."),
                    new Column("account", Kind.TEXT, "The account."),
                    new Column("transaction_id", Kind.TEXT, "The producer's id of the transaction."),
                    new Column("merchant", Kind.TEXT, "The merchant, if it names one."),
                    new Column("event_time", Kind.TIME, "When the transaction happened."),
                    new Column("verdict", Kind.TEXT, "fraud or genuine."),
                    new Column("said_by", Kind.TEXT, "Who says so."),
                    new Column("version", Kind.INTEGER, "From 1; a correction has a higher one."),
                    new Column("document", Kind.TEXT, "The label as JSON, as docs/labels.md has it.")));

    /** Places of columns that search looks at. */
    static final int TIME = 0;

    static final int ID = 1;
    static final int ACCOUNT = 2;

    @SuppressWarnings("ImmutableEnumChecker") // a record of a copied list of records is immutable
    private final TableSchema schema;

    StoredTable(String row, List<Column> columns) {
        this.schema = new TableSchema(name().toLowerCase(Locale.ROOT), row, columns);
    }

    /** The table's columns. */
    public TableSchema schema() {
        return schema;
    }

    /** Whether a row of this table is of what was erased. */
    boolean isErased(StoredRow row, ErasureList erasures) {
        if (erasures.requests().isEmpty()) {
            return false;
        }
        LogPosition place = StoredFile.place(row.id());
        return this == LABELS
                ? erasures.coversLabel(row.account(), place)
                : erasures.coversTransaction(row.account(), place);
    }

    /** Its folder. */
    String folder() {
        return schema.name();
    }

    private static List<Column> decisions() {
        return List.of(
                new Column("event_time", Kind.TIME, "When the transaction happened."),
                new Column("id", Kind.TEXT, "Stable id: generation, partition and offset in the transactions topic."),
                new Column("account", Kind.TEXT, "The account."),
                new Column("transaction_id", Kind.TEXT, "The producer's id of the transaction."),
                new Column("merchant", Kind.TEXT, "The merchant, if it names one."),
                new Column("amount", Kind.REAL, "The amount; NaN if unknown."),
                new Column("score", Kind.REAL, "Calibrated score in [0, 1]."),
                new Column("threshold", Kind.REAL, "The score from which on a transaction is anomalous."),
                new Column("severity", Kind.TEXT, "low, medium, high or critical; null where there is no alert."),
                new Column("model_version", Kind.TEXT, "The model that decided."),
                new Column("episode_id", Kind.TEXT, "Id of the first alert of its episode; null where there is none."),
                new Column("document", Kind.TEXT, "The whole as JSON, as its topic carries it."));
    }
}
