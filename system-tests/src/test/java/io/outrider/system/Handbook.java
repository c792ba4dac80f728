package io.outrider.system;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** Four months of labelled card transactions, where the environment has them, and what SQL says about them. */
final class Handbook {

    private static final List<String> MONTHS = List.of("2018-04", "2018-05", "2018-06", "2018-07");

    private final Path folder;

    /** An account's history in two numbers. */
    record Total(long events, BigDecimal amount) {}

    private Handbook(Path folder) {
        this.folder = folder;
    }

    /** The data named by {@code OUTRIDER_TEST_DATA}; the test is skipped, saying so, where there are none. */
    static Handbook data() {
        String root = System.getenv("OUTRIDER_TEST_DATA");
        Assumptions.assumeTrue(root != null, "OUTRIDER_TEST_DATA names no folder with labelled data");
        Path folder = Path.of(root, "handbook");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no labelled data at " + folder);
        return new Handbook(folder);
    }

    List<String> files() {
        return MONTHS.stream()
                .map(month ->
                        folder.resolve("transactions-" + month + ".csv.gz").toString())
                .toList();
    }

    /** Per account, computed by DuckDB from the files alone. */
    Map<String, Total> totals() throws SQLException {
        return totals("user_id::VARCHAR", "read_csv(['" + String.join("', '", files()) + "'], all_varchar = true)");
    }

    /** Per account, computed by DuckDB from a dataset's Parquet files. */
    static Map<String, Total> totalsOfDataset(List<String> files) throws SQLException {
        return totals("account", "read_parquet(['" + String.join("', '", files) + "'])");
    }

    private static Map<String, Total> totals(String account, String table) throws SQLException {
        Map<String, Total> totals = new TreeMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + account
                        + ", count(*), sum(amount::DECIMAL(18, 2)) FROM " + table + " GROUP BY 1")) {
            while (rows.next()) {
                totals.put(rows.getString(1), new Total(rows.getLong(2), rows.getBigDecimal(3)));
            }
        }
        return totals;
    }
}
