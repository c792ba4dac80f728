package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of ETL at every stage: the next run makes what an undisturbed one made. */
class EtlKillTest {

    private static final int PARTITIONS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void whereverEtlIsKilledTheNextRunGivesWhatAnUndisturbedOneDoes() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        assertThat(run(List.of("bench", "etl", "--partitions", "" + PARTITIONS, history.toString())))
                .isZero();
        List<String> undisturbed = digests("transactions");
        int whole = files("transactions").size();
        assertThat(whole).as("files of an undisturbed run").isGreaterThan(3 * PARTITIONS);

        int killed = 0;
        for (int stage = 0; stage < whole; stage += Math.max(1, whole / 5)) {
            String dataset = "killed-" + stage;
            killed += killAt(dataset, stage) ? 1 : 0;
            boolean published = Files.exists(manifest(dataset));
            assertThat(run(etl(dataset))).as("the run after").isZero();
            assertThat(digests(dataset))
                    .as("killed at %d files, published: %s", stage, published)
                    .isEqualTo(undisturbed);
            List<String> after = files(dataset);
            assertThat(run(etl(dataset))).isZero();
            assertThat(files(dataset)).as("and then there is nothing new").isEqualTo(after);
        }
        assertThat(killed).as("runs that were killed before they were done").isGreaterThan(2);
    }

    /** Kills a run once so many of its files are in the lake; false if it was done before. */
    private boolean killAt(String dataset, int stage) throws Exception {
        Process process = start(etl(dataset));
        while (process.isAlive() && files(dataset).size() < stage) {
            if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        return alive;
    }

    private static List<String> etl(String dataset) {
        return List.of("etl", "--dataset", dataset, "--partitions", "" + PARTITIONS);
    }

    private int run(List<String> arguments) throws Exception {
        return start(arguments).waitFor();
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--data-dir", data().toString()));
        // Many small files, so that there are many stages.
        Map<String, String> environment = Map.of("OUTRIDER_ETL_ROWS_PER_FILE", "1000", "OUTRIDER_ETL_PARALLELISM", "2");
        return Processes.outrider(folder.resolve("etl.log"), environment, all);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path manifest(String dataset) {
        return data().resolve("lake/processed-transactions/" + dataset + "/versions/000001.json");
    }

    private List<String> files(String dataset) throws IOException {
        Path root = data().resolve("lake/processed-transactions/" + dataset);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().matches(".*\\.(parquet|avro|json)"))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    /** What a dataset consists of: digests of its tables and its quality. */
    private List<String> digests(String dataset) throws IOException {
        JsonNode version = new ObjectMapper().readTree(manifest(dataset).toFile());
        List<String> digests = new ArrayList<>();
        version.get("files").forEach(file -> digests.add(file.get("sha256").asText()));
        version.get("progress")
                .forEach(partition -> partition
                        .get("states")
                        .forEach(states ->
                                digests.add(states.get("accounts") + "@" + partition.get("nextSequenceNumber"))));
        digests.add(version.get("total").toString());
        return digests;
    }
}
