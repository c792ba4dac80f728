package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Processes that host the supervisor or its work are killed during a run: its fate is told afterwards, and the lake is sound. */
class SupervisorFaultsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String RUNS = "/api/v1/etl/runs";
    private static final Pattern GIVEN = Pattern.compile("(\\S+/p\\d+-\\S+/) is given to (\\S+)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aRunInAProcessThatIsKilledIsTakenUpByTheNextOne() throws Exception {
        Path data = folder.resolve("data");
        try (LocalOutrider local = new LocalOutrider(data, "--rate", "200")) {
            local.with(Map.of("OUTRIDER_SUPERVISOR_ETL_CRON", "")).start();
            await().atMost(LIMIT).until(() -> captured(data.resolve("lake")));
            assertThat(local.post(RUNS, "application/json", "{}").statusCode()).isEqualTo(202);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> state(local.get(RUNS + "/etl-1")).equals("running"));
            local.kill();
            assertThat(JSON.readTree(
                                    data.resolve("lake/runs/etl/000000001.json").toFile())
                            .get("state")
                            .asText())
                    .as("what the lake says of the run while nobody is there")
                    .isEqualTo("RUNNING");
            local.start();
            await().atMost(LIMIT).until(() -> isOver(local.get(RUNS + "/etl-1")));
            JsonNode run = local.get(RUNS + "/etl-1");
            assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
            assertThat(run.get("attempt").asInt()).isEqualTo(2);
            assertThat(run.get("setbacks").get(0).asText()).startsWith("attempt 1: lost on node");
            consistent(data.resolve("lake"));
        }
    }

    @Test
    void whenTheSupervisorsNodeIsKilledAnotherOneTellsWhatBecameOfItsRun() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        Map<String, String> environment = Map.of(
                "OUTRIDER_CAPTURE_ENABLED", "true",
                "OUTRIDER_CAPTURE_TIME_WINDOW", "2 s",
                "OUTRIDER_SUPERVISOR_ETL_CRON", "",
                "OUTRIDER_LOG_FORMAT", "json",
                // Nobody is there; spans begin all the same.
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:" + Processes.freePort() + "/v1/traces");
        try (ClusterProcesses cluster = new ClusterProcesses(folder, history, 3, environment);
                ClusterLoad load = new ClusterLoad(cluster.bootstrapServers(), folder.resolve("input.csv"), 300)) {
            cluster.createTopics(Map.of());
            ClusterProcesses.Node oldest = cluster.node(0);
            ClusterProcesses.Node other = cluster.node(1);
            oldest.start();
            oldest.awaitReady();
            other.start();
            cluster.node(2).start(); // of two, a survivor would not be the majority
            other.awaitReady();
            cluster.node(2).awaitReady();
            aFailedAttemptIsLoggedWithItsTrace(other.http(), List.of(oldest, other, cluster.node(2)));
            load.start();
            Path lake = folder.resolve("lake");
            await().atMost(LIMIT).until(() -> captured(lake));
            load.stop();
            await().atMost(LIMIT).until(() -> durable(lake) == load.sent()); // ETL reads what is decided for good

            assertThat(other.http().post(RUNS, "application/json", "{}").statusCode())
                    .as("asked of a node that is not the supervisor's")
                    .isEqualTo(202);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() ->
                            other.http().get(RUNS + "/etl-1").get("attempt").asInt() == 1);
            oldest.kill();
            assertThat(Files.readString(lake.resolve("runs/etl/000000001.json")))
                    .contains("\"RUNNING\"");
            await().atMost(LIMIT)
                    .ignoreException(AssertionError.class)
                    .until(() -> isOver(other.http().get(RUNS + "/etl-1")));
            JsonNode run = other.http().get(RUNS + "/etl-1");
            assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
            consistent(lake);
            assertThat(other.http().post(RUNS, "application/json", "{}").statusCode())
                    .as("the next run")
                    .isEqualTo(202);
            await().atMost(LIMIT).until(() -> isOver(other.http().get(RUNS + "/etl-2")));
            assertThat(state(other.http().get(RUNS + "/etl-2"))).isEqualTo("succeeded");
            consistent(lake);
        }
    }

    @Test
    void aRunOnThreeNodesGoesOnWhenOneOfThemIsKilled() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        Map<String, String> environment = Map.of(
                "OUTRIDER_CAPTURE_ENABLED", "true",
                "OUTRIDER_CAPTURE_TIME_WINDOW", "2 s",
                "OUTRIDER_SUPERVISOR_ETL_CRON", "",
                "OUTRIDER_LOG_LEVEL", "DEBUG", // tells who is given which partition
                "OUTRIDER_SUPERVISOR_SHARE_BESIDE_DETECTION", "0.25",
                "OUTRIDER_ETL_ROWS_PER_FILE", "40"); // many small files take their time
        try (ClusterProcesses cluster = new ClusterProcesses(folder, history, 3, environment);
                ClusterLoad load = new ClusterLoad(cluster.bootstrapServers(), folder.resolve("input.csv"), 2_000)) {
            cluster.createTopics(Map.of());
            List<ClusterProcesses.Node> nodes = List.of(cluster.node(0), cluster.node(1), cluster.node(2));
            for (ClusterProcesses.Node node : nodes) {
                node.start();
            }
            for (ClusterProcesses.Node node : nodes) {
                node.awaitReady();
            }
            load.start();
            Path lake = folder.resolve("lake");
            await().atMost(LIMIT).until(() -> load.sent() >= 30_000 && captured(lake));
            load.stop();
            await().atMost(LIMIT).until(() -> durable(lake) == load.sent());

            OutriderHttp api = cluster.node(0).http();
            assertThat(api.post(RUNS, "application/json", "{}").statusCode()).isEqualTo(202);
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> api.get(RUNS + "/etl-1").path("node").isTextual());
            String runsOn = api.get(RUNS + "/etl-1").get("node").asText();
            ClusterProcesses.Node host = nodes.stream()
                    .filter(node -> node.address().equals(runsOn))
                    .findFirst()
                    .orElseThrow();
            // Nor the oldest, where the supervisor is: while that stands still nobody can be asked about the run.
            List<ClusterProcesses.Node> others = nodes.stream()
                    .filter(node -> !node.equals(host) && !node.equals(cluster.node(0)))
                    .toList();
            AtomicReference<Given> caught = new AtomicReference<>();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> others.stream().anyMatch(node -> frozeAtWork(node, host.log(), lake, caught)));
            Given unfinished = Objects.requireNonNull(caught.get());
            assertThat(state(host.http().get(RUNS + "/etl-1"))).isEqualTo("running");
            unfinished.node().kill();
            await().atMost(LIMIT)
                    .ignoreException(AssertionError.class)
                    .until(() -> isOver(host.http().get(RUNS + "/etl-1")));
            JsonNode run = host.http().get(RUNS + "/etl-1");
            assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
            assertThat(run.get("attempt").asInt())
                    .as("attempts at the run itself")
                    .isEqualTo(1);
            assertThat(lake.resolve(unfinished.folder())).isDirectoryContaining("glob:**result.json");
            assertThat(givenTo(unfinished.folder(), host.log()))
                    .as("who was given what the killed node had")
                    .hasSizeGreaterThanOrEqualTo(2)
                    .last()
                    .asString()
                    .doesNotContain(unfinished.node().address());
            consistent(lake);
        }
    }

    /** A partition's folder in the lake, and who has it. */
    private record Given(ClusterProcesses.Node node, String folder) {}

    /** Freezes a node if it is in the middle of a partition: some of its files are there, and the result that ends them is not. */
    private static boolean frozeAtWork(ClusterProcesses.Node node, Path log, Path lake, AtomicReference<Given> caught) {
        try {
            String last = "";
            for (Matcher given = GIVEN.matcher(Files.readString(log)); given.find(); ) {
                last = given.group(2).endsWith(node.address()) ? given.group(1) : last;
            }
            if (last.isEmpty() || !isHalfDone(lake.resolve(last))) {
                return false;
            }
            node.freeze();
            if (!isHalfDone(lake.resolve(last))) {
                node.thaw();
                return false;
            }
            caught.set(new Given(node, last));
            return true;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Where nothing was captured yet there is nothing to look back on. */
    private static void aFailedAttemptIsLoggedWithItsTrace(OutriderHttp api, List<ClusterProcesses.Node> nodes)
            throws Exception {
        await().atMost(LIMIT)
                .until(() -> api.post("/api/v1/backtest/runs", "application/json", "{\"model\": \"none\"}")
                                .statusCode()
                        == 202);
        await().atMost(LIMIT).until(() -> isOver(api.get("/api/v1/backtest/runs/backtest-1")));
        await().atMost(LIMIT)
                .until(() -> !logged(nodes, "Attempt 1 of backtest-1 failed").isEmpty());
        JsonNode line = logged(nodes, "Attempt 1 of backtest-1 failed").get(0);
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.path("trace_id").asText()).as(line.toString()).matches("[0-9a-f]{32}");
        assertThat(line.path("span_id").asText()).matches("[0-9a-f]{16}");
        assertThat(logged(nodes, " assigned"))
                .as("lines that belong to no request and no run")
                .isNotEmpty()
                .noneMatch(outside -> outside.has("trace_id"));
    }

    /** Lines of the nodes' logs whose message ends so. */
    private static List<JsonNode> logged(List<ClusterProcesses.Node> nodes, String message) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (ClusterProcesses.Node node : nodes) {
            for (String line : Files.readAllLines(node.log())) {
                if (line.startsWith("{\"@timestamp\"") && line.endsWith("}")) {
                    JsonNode json = JSON.readTree(line);
                    if (json.get("message").asText().endsWith(message)) {
                        lines.add(json);
                    }
                }
            }
        }
        return lines;
    }

    private static boolean isHalfDone(Path partition) throws IOException {
        if (!Files.isDirectory(partition)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(partition)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            return names.stream().anyMatch(name -> name.endsWith(".parquet")) && !names.contains("result.json");
        }
    }

    /** The nodes that a partition was given to, one after the other. */
    private static List<String> givenTo(String folder, Path log) throws IOException {
        return GIVEN.matcher(Files.readString(log))
                .results()
                .filter(given -> given.group(1).equals(folder))
                .map(given -> given.group(2))
                .toList();
    }

    private static String state(JsonNode run) {
        return run.get("state").asText();
    }

    private static boolean isOver(JsonNode run) {
        return !state(run).equals("queued") && !state(run).equals("running");
    }

    private static boolean captured(Path lake) throws IOException {
        Path raw = lake.resolve("raw-transactions");
        if (!Files.isDirectory(raw)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(raw)) {
            return files.filter(Files::isRegularFile)
                            .filter(file -> file.toString().contains("/transactions/"))
                            .count()
                    >= 2;
        }
    }

    /** Records that the partitions' checkpoints cover. */
    private static long durable(Path lake) throws IOException {
        long records = 0;
        try (Stream<Path> partitions = Files.list(lake.resolve("checkpoints/transactions"))) {
            for (Path partition : partitions.toList()) {
                Path manifest = partition.resolve("manifest.json");
                records += Files.exists(manifest)
                        ? JSON.readTree(manifest.toFile()).get("nextOffset").asLong()
                        : 0;
            }
        }
        return records;
    }

    /** Every file that a version names is there as it says; versions follow one another without a gap; ETL again finds nothing wrong. */
    private void consistent(Path lake) throws Exception {
        List<Path> versions;
        try (Stream<Path> files = Files.list(lake.resolve("processed-transactions/transactions/versions"))) {
            versions = files.sorted().toList();
        }
        int number = 1;
        for (Path version : versions) {
            JsonNode manifest = JSON.readTree(version.toFile());
            assertThat(manifest.get("version").asInt()).isEqualTo(number);
            long rows = 0;
            for (JsonNode file : manifest.get("files")) {
                assertThat(lake.resolve(file.get("name").asText()))
                        .hasSize(file.get("sizeBytes").asLong());
                rows += file.get("rows").asLong();
            }
            assertThat(rows).isEqualTo(manifest.at("/total/rows").asLong());
            assertThat(manifest.at("/total/repeated").asLong()).isZero();
            assertThat(manifest.at("/total/missing").asLong()).isZero();
            number++;
        }
        assertThat(versions).isNotEmpty();
    }
}
