package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parity gate: what a cluster computed live, through a rebalance, a kill, late, repeated and bad records, labels and
 * changing risk tables, is what ETL computes from the captured log, bit for bit. A feature that is broken in one place shows, by
 * its name.
 */
class EtlParityTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "OUTRIDER_SCORED_TRANSACTIONS", "all",
            "OUTRIDER_CAPTURE_ENABLED", "true",
            "OUTRIDER_CAPTURE_TIME_WINDOW", "3 s",
            "OUTRIDER_BARRIER_INTERVAL", "1 s",
            "OUTRIDER_RISK_COUNT_INTERVAL", "2 s",
            "OUTRIDER_RISK_REPORT_INTERVAL", "1 s",
            "OUTRIDER_TOPIC_PARTITIONS", "" + ClusterProcesses.PARTITIONS);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** Features of one record, and the risk table in force; null where unknown. */
    private record Vector(long riskVersion, Map<String, Double> features) {}

    @Test
    void everyVectorOfTheDatasetIsTheOneThatWasScoredLive() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        Map<String, Vector> live;
        try (ClusterProcesses cluster = new ClusterProcesses(folder, history, 2, ENVIRONMENT);
                ParityTraffic traffic = new ParityTraffic(cluster.bootstrapServers())) {
            cluster.createTopics(ENVIRONMENT);
            cluster.node(0).start();
            cluster.node(0).awaitReady();
            traffic.send(400);
            awaitRisk(traffic, 1);
            cluster.node(1).start(); // takes partitions over
            cluster.node(1).awaitReady();
            traffic.send(400);
            traffic.label(30, true, 1);
            awaitRisk(traffic, traffic.highestRisk() + 1);
            traffic.send(400);
            await().atMost(LIMIT).pollInterval(Duration.ofSeconds(2)).until(() -> captured("transactions") > 0);
            cluster.node(1).kill();
            traffic.send(400);
            traffic.label(15, false, 2);
            cluster.untilServing(LIMIT, cluster.node(0));
            awaitRisk(traffic, traffic.highestRisk() + 2);
            cluster.node(1).start();
            cluster.node(1).awaitReady();
            traffic.send(400);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> captured("transactions") == traffic.sent());
            live = vectors(traffic.scored());
            assertThat(cluster.node(0).terminate()).isZero();
            assertThat(cluster.node(1).terminate()).isZero();
        }
        JsonNode version = newest("transactions");
        assertThat(version.get("version").asInt()).as("made step by step").isGreaterThan(1);
        assertThat(version.get("total").get("late").asLong()).isPositive();
        assertThat(version.get("total").get("bad").toString()).contains("not-json");
        assertThat(version.get("labels").get("count").asLong()).isEqualTo(45);
        Map<String, Vector> made = rows(version);
        assertThat(live.values().stream().map(Vector::riskVersion).distinct()).hasSizeGreaterThan(3);
        assertThat(differing(live, made)).as("features that differ").isEmpty();

        for (BrokenFeature broken : BrokenFeature.all()) {
            String dataset = "broken-" + broken.features().get(0).replace('_', '-');
            Path classes = broken.compile(folder.resolve(dataset));
            etl(Processes.outrider(log(), classes, ENVIRONMENT, arguments(List.of("--dataset", dataset))));
            assertThat(differing(live, rows(newest(dataset))))
                    .as("what the gate says where, in ETL alone, %s", broken)
                    .containsExactlyElementsOf(broken.features());
        }
        etl(List.of("--dataset", "blind", "--label-delay", "P7D"));
        assertThat(differing(live, rows(newest("blind"))))
                .as("one implementation of risk replaced by another")
                .contains("risk version", "merchant_volume_30d")
                .allMatch(name -> name.matches("risk version|merchant_.*|account_.*fraud.*"));
    }

    /** Sends until a record was decided under a risk table of this version or a later one. */
    private static void awaitRisk(ParityTraffic traffic, long version) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            traffic.send(20);
            return traffic.highestRisk() >= version;
        });
    }

    /** Records that the dataset has, after another run of ETL. */
    private long captured(String dataset) throws Exception {
        etl(List.of());
        JsonNode total = newest(dataset).path("total");
        long records = total.path("rows").asLong();
        for (JsonNode bad : total.path("bad")) {
            records += bad.asLong();
        }
        return records;
    }

    private void etl(List<String> more) throws Exception {
        etl(Processes.outrider(log(), ENVIRONMENT, arguments(more)));
    }

    private void etl(Process process) throws InterruptedException {
        assertThat(process.waitFor()).as("exit code; see %s", log()).isIn(0, 3); // the gate minds the bad records
    }

    private List<String> arguments(List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "etl", "--lake", folder.resolve("lake").toString(), "--partitions", "" + ClusterProcesses.PARTITIONS));
        arguments.addAll(more);
        return arguments;
    }

    private Path log() {
        return folder.resolve("etl.log");
    }

    /** The manifest of a dataset's newest version; empty if there is none. */
    private JsonNode newest(String dataset) throws IOException {
        Path versions = folder.resolve("lake/processed-transactions/" + dataset + "/versions");
        ObjectMapper json = new ObjectMapper();
        if (!Files.isDirectory(versions)) {
            return json.createObjectNode();
        }
        try (var files = Files.list(versions)) {
            Path newest = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow();
            return json.readTree(newest.toFile());
        }
    }

    private static Map<String, Vector> vectors(Map<String, Set<JsonNode>> scored) {
        Map<String, Vector> vectors = new TreeMap<>();
        scored.forEach((place, receipts) -> {
            assertThat(receipts)
                    .as("decided once, or every time alike: %s", place)
                    .hasSize(1);
            JsonNode receipt = receipts.iterator().next();
            Map<String, Double> features = new TreeMap<>();
            receipt.get("vector")
                    .properties()
                    .forEach(feature -> features.put(
                            feature.getKey(),
                            feature.getValue().isNull()
                                    ? Double.NaN
                                    : feature.getValue().doubleValue()));
            vectors.put(
                    place, new Vector(receipt.get("context").get("riskVersion").longValue(), features));
        });
        return vectors;
    }

    /** By DuckDB, by partition and sequence number. */
    private Map<String, Vector> rows(JsonNode version) throws SQLException {
        List<String> files = new ArrayList<>();
        version.get("files")
                .forEach(file -> files.add(folder.resolve("lake")
                        .resolve(file.get("name").asText())
                        .toString()));
        Map<String, Vector> rows = new TreeMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM read_parquet(['" + String.join("', '", files)
                        + "'], hive_partitioning = false)")) {
            while (row.next()) {
                Map<String, Double> features = new TreeMap<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    String name = row.getMetaData().getColumnName(column);
                    if (name.startsWith("f_")) {
                        double value = row.getDouble(column);
                        features.put(name.substring(2), row.wasNull() ? Double.NaN : value);
                    }
                }
                String place = row.getLong("partition") + "/" + row.getLong("sequence_number");
                long risk = row.getLong("risk_version");
                rows.put(place, new Vector(row.wasNull() ? -1 : risk, features));
            }
        }
        return rows;
    }

    /** Names of the features that are not the same, bit for bit, in every record; both must have the same records. */
    private static Set<String> differing(Map<String, Vector> live, Map<String, Vector> made) {
        assertThat(made.keySet()).isEqualTo(live.keySet());
        Set<String> differing = new TreeSet<>();
        live.forEach((place, one) -> {
            Vector other = Objects.requireNonNull(made.get(place));
            assertThat(other.features().keySet()).isEqualTo(one.features().keySet());
            one.features().forEach((name, value) -> {
                if (Double.doubleToLongBits(value)
                        != Double.doubleToLongBits(
                                Objects.requireNonNull(other.features().get(name)))) {
                    differing.add(name);
                }
            });
            if (one.riskVersion() != other.riskVersion()) {
                differing.add("risk version");
            }
        });
        return differing;
    }
}
