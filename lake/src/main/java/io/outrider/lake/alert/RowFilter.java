package io.outrider.lake.alert;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.lt;

import io.outrider.core.alert.AlertFilter.Period;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for by column, so that parts of files whose statistics exclude it are not read. What is null asks for
 * nothing; merchant, severity and model version are those of decisions.
 */
public record RowFilter(
        Period period,
        @Nullable String account,
        @Nullable String merchant,
        @Nullable String modelVersion,
        @Nullable String id,
        @Nullable String transactionId) {

    /** Every row. */
    public static final RowFilter ALL = new RowFilter(Period.EVER, null, null, null, null, null);

    /** Rows of a period. */
    public static RowFilter of(Period period) {
        return new RowFilter(period, null, null, null, null, null);
    }

    /** The row of an id. */
    static RowFilter ofId(String id) {
        return new RowFilter(Period.EVER, null, null, null, id, null);
    }

    /** Rows of an account's transaction. */
    public static RowFilter ofTransaction(String account, String transactionId) {
        return new RowFilter(Period.EVER, account, null, null, null, transactionId);
    }

    boolean mayHave(StoredFile file) {
        return file.toMs() >= period.fromMs() && file.fromMs() < period.toMs() && (id == null || file.mayHave(id));
    }

    FilterCompat.Filter predicate(StoredTable table) {
        List<FilterPredicate> all = new ArrayList<>();
        var time = longColumn(table.schema().columns().get(StoredTable.TIME).name());
        if (period.fromMs() != Long.MIN_VALUE) {
            all.add(gtEq(time, period.fromMs()));
        }
        if (period.toMs() != Long.MAX_VALUE) {
            all.add(lt(time, period.toMs()));
        }
        add(all, "account", account);
        add(all, "merchant", merchant);
        add(all, "model_version", modelVersion);
        add(all, "id", id);
        add(all, "transaction_id", transactionId);
        return all.stream()
                .reduce((left, right) -> and(left, right))
                .map(FilterCompat::get)
                .orElse(FilterCompat.NOOP);
    }

    private static void add(List<FilterPredicate> all, String column, @Nullable String value) {
        if (value != null) {
            all.add(eq(binaryColumn(column), Binary.fromString(value)));
        }
    }
}
