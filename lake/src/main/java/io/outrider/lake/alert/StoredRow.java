package io.outrider.lake.alert;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A row of a {@link StoredTable}, in the order of its columns. Rows are ordered newest first; equal times by id, so a row
 * written twice stands beside itself.
 */
public record StoredRow(@Nullable Object[] values) {

    /** Newest first. */
    public static final Comparator<StoredRow> NEWEST_FIRST = Comparator.comparingLong(StoredRow::timeMs)
            .thenComparing(StoredRow::id)
            .reversed();

    /** An alert's. */
    public static StoredRow of(Alert alert) {
        return decision(
                alert.id(),
                alert.transaction(),
                new double[] {alert.score(), alert.threshold()},
                new @Nullable String[] {
                    alert.severity().name().toLowerCase(Locale.ROOT), alert.modelVersion(), alert.episodeId()
                },
                AlertCodec.encode(alert));
    }

    /** That of a transaction that raised no alert. */
    public static StoredRow of(ScoredEvent event) {
        return decision(
                event.id(),
                event.transaction(),
                new double[] {event.score(), event.threshold()},
                new @Nullable String[] {null, event.receipt().context().modelVersion(), null},
                ScoredEventCodec.encode(event));
    }

    /**
     * A label's.
     *
     * @param id its place in the topic
     */
    public static StoredRow of(String id, Label label) {
        return new StoredRow(new @Nullable Object[] {
            label.knownSinceMs(),
            id,
            label.account(),
            label.transactionId(),
            label.merchant(),
            label.eventTimeMs(),
            label.fraud() ? "fraud" : "genuine",
            label.by(),
            (long) label.version(),
            new String(LabelEncoder.encode(label), StandardCharsets.UTF_8)
        });
    }

    private static StoredRow decision(
            String id, Transaction transaction, double[] scores, @Nullable String[] names, byte[] document) {
        return new StoredRow(new @Nullable Object[] {
            transaction.eventTimeMs(),
            id,
            transaction.account(),
            transaction.transactionId(),
            transaction.merchant(),
            transaction.amount(),
            scores[0],
            scores[1],
            names[0],
            names[1],
            names[2],
            new String(document, StandardCharsets.UTF_8)
        });
    }

    /** The time that orders it, milliseconds since the epoch. */
    public long timeMs() {
        return (Long) required(StoredTable.TIME);
    }

    /** The same whenever it is written. */
    public String id() {
        return (String) required(StoredTable.ID);
    }

    /** The account it is about. */
    public String account() {
        return (String) required(StoredTable.ACCOUNT);
    }

    /** The document, UTF-8. */
    public byte[] document() {
        return ((String) required(values.length - 1)).getBytes(StandardCharsets.UTF_8);
    }

    private Object required(int column) {
        Object value = values[column];
        if (value == null) {
            throw new IllegalStateException("column " + column + " of a stored row is null");
        }
        return value;
    }
}
