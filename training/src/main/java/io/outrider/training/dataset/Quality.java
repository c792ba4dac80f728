package io.outrider.training.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The quality report of what became rows, and of what did not.
 *
 * @param rows events, each a row
 * @param bad records that are no valid event, by reason (the names that dead letters have)
 * @param repeated records left out because they stood in the files more than once
 * @param missing sequence numbers that no file has
 * @param late events older than every window of their account when they came: scored, but in no window
 * @param staleRisk events whose features of merchants are not those of the table in force, because that is not known or gone
 * @param columns nulls and range of each column of numbers, by its name; times are milliseconds since the epoch
 */
public record Quality(
        long rows,
        Map<String, Long> bad,
        long repeated,
        long missing,
        long late,
        long staleRisk,
        Map<String, ColumnQuality> columns) {

    /** Of nothing. */
    public static final Quality NONE = new Quality(0, Map.of(), 0, 0, 0, 0, Map.of());

    /** All bad records. */
    public long badRecords() {
        return bad.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All records, good and bad, each once. */
    public long records() {
        return rows + badRecords();
    }

    /** Of both together. */
    public Quality plus(Quality other) {
        Map<String, Long> allBad = new TreeMap<>(bad);
        other.bad.forEach((reason, count) -> allBad.merge(reason, count, Long::sum));
        Map<String, ColumnQuality> allColumns = new LinkedHashMap<>(columns);
        other.columns.forEach((column, quality) -> allColumns.merge(column, quality, ColumnQuality::plus));
        return new Quality(
                rows + other.rows,
                allBad,
                repeated + other.repeated,
                missing + other.missing,
                late + other.late,
                staleRisk + other.staleRisk,
                allColumns);
    }
}
