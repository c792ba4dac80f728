package io.outrider.training.etl;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.lake.table.TableSchema;
import io.outrider.lake.table.TableSchema.Column;
import io.outrider.lake.table.TableSchema.Kind;
import io.outrider.training.dataset.DatasetRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The table of a dataset: one row per event with where it stands in the log, its fields, and its feature vector. */
public final class EventTable {

    /** What names of feature columns begin with. */
    public static final String FEATURE = DatasetRows.FEATURE;

    private static final List<Column> EVENT = List.of(
            new Column("partition", Kind.INTEGER, "Partition of the log."),
            new Column("sequence_number", Kind.INTEGER, "Number within the partition; its Kafka offset."),
            new Column("append_time", Kind.TIME, "When the log took it, whole seconds, UTC."),
            new Column("event_time", Kind.TIME, "When it happened, by the event itself, UTC."),
            new Column("transaction_id", Kind.TEXT, "The producer's id; may repeat."),
            new Column("account", Kind.TEXT, "The account."),
            new Column("amount", Kind.REAL, "The amount, finite."),
            new Column("merchant", Kind.TEXT, "The counterparty, if told."),
            new Column("device", Kind.TEXT, "The device, if told."),
            new Column("network", Kind.TEXT, "The network the event came from, if told."),
            new Column("currency", Kind.TEXT, "The currency, if told."),
            new Column(
                    "risk_version",
                    Kind.INTEGER,
                    "Merchant-risk table in force when it was decided, 0 for none; null where labels are declared."),
            new Column(
                    "is_fraud", Kind.TRUTH, "Simulated or historical truth that the event carries; never a feature."));

    private final FeaturePlan plan;
    private final TableSchema schema;
    private final int features;

    /** The table for a plan's features. */
    public EventTable(FeaturePlan plan) {
        List<Column> columns = new ArrayList<>(EVENT);
        for (Feature feature : plan.features()) {
            String unit = feature.unit().isEmpty() ? "" : ", in " + feature.unit();
            columns.add(new Column(
                    FEATURE + feature.name(), Kind.REAL, "Feature: " + feature.words() + unit + "; null if unknown."));
        }
        this.plan = plan;
        this.schema = new TableSchema("events", "One row per event of the log.", columns);
        this.features = plan.size();
    }

    FeaturePlan plan() {
        return plan;
    }

    public TableSchema schema() {
        return schema;
    }

    /** Names of the columns whose nulls and ranges the quality report tells, in the order of {@link #numbers}. */
    List<String> numberColumns() {
        List<String> names = new ArrayList<>(List.of("append_time", "event_time", "amount"));
        schema.columns().subList(EVENT.size(), schema.columns().size()).forEach(column -> names.add(column.name()));
        return names;
    }

    /** Their values, one for each; NaN for none. */
    void numbers(long appendTimeMs, Transaction event, double[] vector, double[] into) {
        into[0] = appendTimeMs;
        into[1] = event.eventTimeMs();
        into[2] = event.amount();
        System.arraycopy(vector, 0, into, 3, features);
    }

    /**
     * Where a row comes from.
     *
     * @param riskVersion see the column
     */
    public record Origin(
            long partition,
            long sequenceNumber,
            long appendTimeMs,
            @Nullable Long riskVersion) {}

    /** A row's first columns; the feature vector, in which NaN is what is not known, are the others. */
    @Nullable
    public Object[] row(Origin origin, Transaction event) {
        @Nullable Object[] row = new @Nullable Object[EVENT.size()];
        row[0] = origin.partition();
        row[1] = origin.sequenceNumber();
        row[2] = origin.appendTimeMs();
        row[3] = event.eventTimeMs();
        row[4] = event.transactionId();
        row[5] = event.account();
        row[6] = event.amount();
        row[7] = event.merchant();
        row[8] = event.device();
        row[9] = event.network();
        row[10] = event.currency();
        row[11] = origin.riskVersion();
        row[12] = event.fraud();
        return row;
    }

    /**
     * The event of a row that was read.
     *
     * @param row one value per column
     */
    public static Transaction event(@Nullable Object[] row) {
        return new Transaction(
                Objects.requireNonNull((String) row[4]),
                Objects.requireNonNull((String) row[5]),
                Objects.requireNonNull((Double) row[6]),
                Objects.requireNonNull((Long) row[3]),
                (String) row[7],
                (String) row[8],
                (String) row[9],
                (String) row[10],
                (Boolean) row[12]);
    }

    /**
     * The feature vector of a row that was read.
     *
     * @param row one value per column
     */
    public double[] vector(@Nullable Object[] row) {
        double[] vector = new double[features];
        for (int i = 0; i < features; i++) {
            vector[i] = row[EVENT.size() + i] instanceof Double value ? value : Double.NaN;
        }
        return vector;
    }
}
