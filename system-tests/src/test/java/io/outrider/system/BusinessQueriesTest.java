package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
        Path alerts = data.resolve("lake/alerts/transactions/manifest.json");
        try (LocalOutrider local = new LocalOutrider(data, "--rate", "100").start()) {
            await().atMost(Duration.ofMinutes(2)).until(() -> local.events() > EVENTS);
            await().atMost(Duration.ofMinutes(3)).until(() -> alertsIn(alerts) > 0);
            local.interrupt();
        }
        Path log = directory.resolve("etl.log");
        Process etl = LocalOutrider.outrider(log, List.of("etl", "--data-dir", data.toString()));
        assertThat(etl.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(etl.exitValue()).as(Files.readString(log)).isIn(0, 3);
        // What no manifest names is not part of a dataset, even if it lies beside one that is.
        Path named = named(data.resolve("lake/processed-transactions"));
        Files.copy(named, named.resolveSibling("part-9999.parquet"));
        Path stored = named(alerts.resolveSibling("alerts"));

        List<String> statements = statements(data.resolve("lake") + "/");
        assertThat(statements).hasSizeGreaterThanOrEqualTo(11);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT * REPLACE ('unnamed-' || id AS id) FROM '" + stored + "') TO '"
                    + stored.resolveSibling("9999999999-unnamed-0.parquet") + "' (FORMAT parquet)");
            long rows = 0;
            for (String sql : statements) {
                rows += statement.execute(sql) ? rows(statement) : 0;
            }
            assertThat(rows).as("rows of all reports").isGreaterThan(40);
            long inManifest = number(statement, "SELECT sum(row_count) FROM dataset_files");
            assertThat(number(statement, "SELECT count(*) FROM transactions")).isEqualTo(inManifest);
            assertThat(inManifest).isGreaterThan(EVENTS);
            assertThat(number(statement, "SELECT count(*) FROM alerts"))
                    .as("alerts, each once: two of the store's files may have the same one")
                    .isBetween(1L, alertsIn(alerts));
            assertThat(number(statement, "SELECT count(*) FROM alerts WHERE id LIKE 'unnamed-%'"))
                    .isZero();
            assertThat(number(statement, "SELECT count(*) FROM alerts WHERE alert_date <> CAST(event_time AS DATE)"))
                    .as("alerts of another day than their folder's")
                    .isZero();
            assertThat(
                            number(
                                    statement,
                                    "SELECT count(*) FROM (SELECT partition, sequence_number FROM transactions GROUP BY ALL HAVING count(*) > 1)"))
                    .as("rows that stand there twice")
                    .isZero();
        }
    }

    /** Rows of alerts that the store's manifest names. */
    private static long alertsIn(Path manifest) throws Exception {
        if (!Files.exists(manifest)) {
            return 0;
        }
        long rows = 0;
        for (JsonNode file : new ObjectMapper().readTree(manifest.toFile()).get("files")) {
            rows += file.get("table").asText().equals("ALERTS")
                    ? file.get("rows").asLong()
                    : 0;
        }
        return rows;
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
