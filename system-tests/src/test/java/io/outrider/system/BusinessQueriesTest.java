package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of docs/bi.md, as they stand there, over a lake that a local Outrider has written. */
class BusinessQueriesTest {

    private static final int EVENTS = 300;

    @TempDir
    private Path directory;

    @Test
    void everyQueryOfTheDocumentRunsAndCountsWhatTheDatasetHas() throws Exception {
        Path data = directory.resolve("data");
        try (LocalOutrider local = new LocalOutrider(data).start()) {
            await().atMost(Duration.ofMinutes(2)).until(() -> local.events() > EVENTS);
            local.interrupt();
        }
        Path log = directory.resolve("etl.log");
        Process etl = LocalOutrider.outrider(log, List.of("etl", "--data-dir", data.toString()));
        assertThat(etl.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(etl.exitValue()).as(Files.readString(log)).isIn(0, 3);
        // What no manifest names is not part of a dataset, even if it lies beside one that is.
        Path named = named(data.resolve("lake/processed-transactions"));
        Files.copy(named, named.resolveSibling("part-9999.parquet"));

        List<String> statements = statements(data.resolve("lake") + "/");
        assertThat(statements).hasSizeGreaterThanOrEqualTo(7);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            long rows = 0;
            for (String sql : statements) {
                rows += statement.execute(sql) ? rows(statement) : 0;
            }
            assertThat(rows).as("rows of all reports").isGreaterThan(40);
            long inManifest = number(statement, "SELECT sum(row_count) FROM dataset_files");
            assertThat(number(statement, "SELECT count(*) FROM transactions")).isEqualTo(inManifest);
            assertThat(inManifest).isGreaterThan(EVENTS);
            assertThat(
                            number(
                                    statement,
                                    "SELECT count(*) FROM (SELECT partition, sequence_number FROM transactions GROUP BY ALL HAVING count(*) > 1)"))
                    .as("rows that stand there twice")
                    .isZero();
        }
    }

    private static Path named(Path container) throws Exception {
        try (var files = Files.walk(container)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The SQL blocks that name no other engine. */
    private static List<String> statements(String lake) throws Exception {
        String document = Files.readString(Processes.HOME.resolve("docs/bi.md"));
        List<String> statements = new ArrayList<>();
        Matcher block = Pattern.compile(
                        "^```sql\\n(?!-- (?:Synapse|Databricks))(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(document);
        while (block.find()) {
            for (String statement : block.group(1).split(";", -1)) {
                if (!statement.isBlank()) {
                    statements.add(statement.replace("LAKE", lake));
                }
            }
        }
        return statements;
    }

    private static long rows(Statement statement) throws SQLException {
        long rows = 0;
        try (ResultSet result = statement.getResultSet()) {
            while (result.next()) {
                rows++;
            }
        }
        assertThat(rows).isPositive();
        return rows;
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
