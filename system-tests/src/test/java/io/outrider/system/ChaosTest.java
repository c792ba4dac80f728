package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One fault of each kind befalls three nodes and their broker under load: the command finds states and alerts as they
 * should be, and SQL over its input finds the same counts and sums. Faults of the lake need a blob server
 * ({@code OUTRIDER_TEST_AZURITE}); without one, the lake is a folder and has none.
 */
class ChaosTest {

    private static final String SEED = System.getProperty("outrider.seed", "23");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void oneFaultOfEachKindLosesDoublesAndContradictsNothing() throws Exception {
        Path log = folder.resolve("chaos.log");
        Path written = folder.resolve("chaos");
        Process chaos = Processes.outrider(
                log, Map.of(), List.of("bench", "chaos", "--seed", SEED, "--folder", written.toString(), "--json"));
        boolean ended = chaos.waitFor(15, TimeUnit.MINUTES);
        if (!ended) {
            chaos.destroy(); // which ends its nodes, too
        }
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        System.out.println(output);
        assertThat(chaos.exitValue()).as(output).isZero();

        JsonNode found = new ObjectMapper().readTree(output.substring(output.indexOf("\n{") + 1));
        assertThat(found.get("faults")).hasSize(System.getenv("OUTRIDER_TEST_AZURITE") == null ? 5 : 8);
        assertThat(found.get("alerts").asInt()).isGreaterThan(50);
        List<JsonNode> accounts = new ArrayList<>();
        for (String line : Files.readAllLines(written.resolve("accounts.ndjson"))) {
            accounts.add(new ObjectMapper().readTree(line));
        }
        assertThat(AccountTotals.told(accounts))
                .hasSizeGreaterThan(100)
                .isEqualTo(AccountTotals.bySql("read_json('" + written.resolve("input.ndjson")
                        + "', format = 'newline_delimited', columns = {user_id: 'VARCHAR', amount: 'VARCHAR'})"));
    }
}
