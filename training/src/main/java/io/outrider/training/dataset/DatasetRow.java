package io.outrider.training.dataset;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a dataset.
 *
 * @param columns place of each column among the values, by name
 * @param values one per column
 * @param vector the features, in the plan's order; NaN where unknown. The reader's, overwritten by the next row
 */
public record DatasetRow(
        Map<String, Integer> columns, @Nullable Object[] values, double[] vector) {

    public int partition() {
        return (int) whole("partition");
    }

    public long sequenceNumber() {
        return whole("sequence_number");
    }

    public long eventTimeMs() {
        return whole("event_time");
    }

    public String account() {
        String account = text("account");
        if (account == null) {
            throw new IllegalStateException("a row without account");
        }
        return account;
    }

    /** Whether it was fraud; null if that is not known. */
    public @Nullable Boolean fraud() {
        return value("is_fraud") instanceof Boolean fraud ? fraud : null;
    }

    /** The text in a column; null where it has none, or there is no such column. */
    public @Nullable String text(String column) {
        return value(column) instanceof String text ? text : null;
    }

    /** The number in a column; NaN where it has none, or there is no such column. */
    public double number(String column) {
        return value(column) instanceof Double number ? number : Double.NaN;
    }

    private long whole(String column) {
        if (value(column) instanceof Long value) {
            return value;
        }
        throw new IllegalStateException("a row without " + column);
    }

    private @Nullable Object value(String column) {
        Integer place = columns.get(column);
        return place == null ? null : values[place];
    }

    /** Takes rows. */
    @FunctionalInterface
    public interface Consumer {
        void take(DatasetRow row) throws IOException;
    }
}
