package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A table that neither the node nor the command has the memory to hold is scored all the same, row by row as it arrives. */
class LargeTableTest {

    private static final int ROWS = 16_000;
    private static final int NOTE_CHARS = 10_000;
    private static final int NODE_MEGABYTES = 224;
    private static final int CLIENT_MEGABYTES = 64;
    private static final String HEADER = "transaction_id,user_id,amount,timestamp,note";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aTableLargerThanTheNodesMemoryIsScoredRowByRow() throws Exception {
        Path table = table();
        assertThat(Files.size(table)).as("more than the node could hold").isGreaterThan(150L << 20);
        Path scored = folder.resolve("scored.csv");
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator")
                .with(Map.of("OUTRIDER_JAVA_OPTS", "-Xmx" + NODE_MEGABYTES + "m"))
                .start()) {
            Process score = Processes.outrider(
                    folder.resolve("score.log"),
                    Map.of("OUTRIDER_JAVA_OPTS", "-Xmx" + CLIENT_MEGABYTES + "m"),
                    List.of(
                            "score",
                            "--url",
                            outrider.uri("").toString(),
                            "--out",
                            scored.toString(),
                            table.toString()));
            try {
                assertThat(score.waitFor(3, TimeUnit.MINUTES))
                        .as("answered in time")
                        .isTrue();
            } finally {
                score.destroyForcibly();
            }
            assertThat(score.exitValue())
                    .as(Files.readString(folder.resolve("score.log")))
                    .isZero();
            assertThat(outrider.get("/api/v1/accounts").has("items"))
                    .as("the node goes on")
                    .isTrue();
        }
        assertAnswered(scored);
    }

    private Path table() throws IOException {
        Path table = folder.resolve("table.csv");
        String note = "x".repeat(NOTE_CHARS);
        try (BufferedWriter out = Files.newBufferedWriter(table)) {
            out.write(HEADER + "\n");
            for (int i = 0; i < ROWS; i++) {
                String amount = i % 1_000 == 999 ? "none" : "" + (i % 400);
                out.write(String.format(
                        Locale.ROOT, "t-%d,account-%d,%s,2026-03-01T10:00:00Z,%s%n", i, i % 500, amount, note));
            }
        }
        return table;
    }

    /** Each row once, in order, as it was; those that are no transactions by their error. */
    private static void assertAnswered(Path scored) throws IOException {
        try (BufferedReader answer = Files.newBufferedReader(scored)) {
            assertThat(answer.readLine()).startsWith(HEADER + ",score,");
            int row = 0;
            for (String line = answer.readLine(); line != null; line = answer.readLine()) {
                List<String> cells = List.of(line.split(",", -1));
                assertThat(cells.get(0)).isEqualTo("t-" + row);
                assertThat(cells.get(4)).hasSize(NOTE_CHARS);
                if (row % 1_000 == 999) {
                    assertThat(cells.get(11)).startsWith("\"wrong-type");
                } else {
                    assertThat(Double.parseDouble(cells.get(5))).isBetween(0.0, 1.0);
                }
                row++;
            }
            assertThat(row).isEqualTo(ROWS);
        }
    }
}
