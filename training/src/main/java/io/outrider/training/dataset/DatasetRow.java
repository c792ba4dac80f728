package io.outrider.training.dataset;

import io.outrider.core.event.Transaction;
import io.outrider.lake.table.TableBatch;
import io.outrider.lake.table.TableColumn;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a dataset. The reader's, which goes on with it to the next one: whoever needs it longer takes what it needs. Columns are
 * looked up once per batch. For one thread.
 */
public final class DatasetRow {

    private final TableBatch batch;
    private final @Nullable TableColumn partition;
    private final @Nullable TableColumn sequenceNumber;
    private final @Nullable TableColumn eventTime;
    private final @Nullable TableColumn account;
    private final @Nullable TableColumn fraud;
    private final @Nullable TableColumn[] features;
    private final double[] vector;
    private int at;

    /** Whether the vector is that of this row. */
    private boolean known;

    /**
     * Of some rows of a file.
     *
     * @param file its name
     * @param features the names of their columns, in the plan's order; null for one that was not asked for
     * @throws IOException if a feature's column is missing
     */
    DatasetRow(String file, TableBatch batch, List<@Nullable String> features) throws IOException {
        this.batch = batch;
        this.partition = column("partition");
        this.sequenceNumber = column("sequence_number");
        this.eventTime = column("event_time");
        this.account = column("account");
        this.fraud = column("is_fraud");
        this.vector = new double[features.size()];
        this.features = new @Nullable TableColumn[features.size()];
        for (int i = 0; i < this.features.length; i++) {
            String feature = features.get(i);
            this.features[i] = feature == null ? null : column(feature);
            if (feature != null && this.features[i] == null) {
                throw new IOException(file + " has no column " + feature);
            }
        }
    }

    private @Nullable TableColumn column(String name) {
        return batch.column(name).orElse(null);
    }

    /** How many rows there are to go to. */
    int rows() {
        return batch.rows();
    }

    /** Goes to a row. */
    void goTo(int row) {
        at = row;
        known = false;
    }

    /** The vectors of all rows; for any thread. */
    double[][] vectors() {
        double[][] vectors = new double[batch.rows()][features.length];
        for (int row = 0; row < vectors.length; row++) {
            take(row, vectors[row]);
        }
        return vectors;
    }

    private void take(int row, double[] into) {
        for (int i = 0; i < into.length; i++) {
            TableColumn feature = features[i];
            into[i] = feature == null ? Double.NaN : feature.real(row);
        }
    }

    public int partition() {
        return (int) whole(partition, "partition");
    }

    public long sequenceNumber() {
        return whole(sequenceNumber, "sequence_number");
    }

    public long eventTimeMs() {
        return whole(eventTime, "event_time");
    }

    private long whole(@Nullable TableColumn column, String name) {
        if (column == null) {
            throw new IllegalStateException("a row without " + name);
        }
        return column.whole(at);
    }

    public String account() {
        String name = account == null ? null : account.text(at);
        if (name == null) {
            throw new IllegalStateException("a row without account");
        }
        return name;
    }

    /** Whether it was fraud; null if that is not known. */
    public @Nullable Boolean fraud() {
        return fraud == null ? null : fraud.truth(at);
    }

    /** The features, in the plan's order; NaN where unknown. Overwritten by the next row. */
    public double[] vector() {
        if (!known) {
            take(at, vector);
            known = true;
        }
        return vector;
    }

    /** The event; what the dataset does not have of it is empty, null or NaN. */
    public Transaction event() {
        return new Transaction(
                Objects.requireNonNullElse(text("transaction_id"), ""),
                account(),
                number("amount"),
                eventTimeMs(),
                text("merchant"),
                text("device"),
                text("network"),
                text("currency"),
                fraud());
    }

    /** The text in a column; null where it has none, or there is no such column. */
    public @Nullable String text(String column) {
        TableColumn texts = column(column);
        return texts == null ? null : texts.text(at);
    }

    /** The number in a column; NaN where it has none, or there is no such column. */
    public double number(String column) {
        TableColumn numbers = column(column);
        return numbers == null ? Double.NaN : numbers.real(at);
    }

    /** Takes rows. */
    @FunctionalInterface
    public interface Consumer {
        void take(DatasetRow row) throws IOException;
    }
}
