package io.outrider.lake.table;

import java.util.Map;
import java.util.Optional;

/** Some rows of a Parquet file by column, as {@link TableBatches} has read them. Never changes, and may outlive its reader. */
public final class TableBatch {

    private final int rows;
    private final Map<String, TableColumn> columns;

    TableBatch(int rows, Map<String, TableColumn> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** How many; at least one. */
    public int rows() {
        return rows;
    }

    /** A column; empty if the file has none of that name, or it was not wanted. */
    public Optional<TableColumn> column(String name) {
        return Optional.ofNullable(columns.get(name));
    }
}
