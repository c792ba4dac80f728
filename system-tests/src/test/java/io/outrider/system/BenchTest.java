package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run, agree on the alerts, and print what a script would read. Says nothing about speed. */
class BenchTest {

    @TempDir
    private Path directory;

    private JsonNode bench(String... arguments) throws Exception {
        return bench(Map.of(), arguments);
    }

    private JsonNode bench(Map<String, String> environment, String... arguments) throws Exception {
        Path log = directory.resolve("bench.log");
        List<String> command = new java.util.ArrayList<>(List.of("bench"));
        command.addAll(List.of(arguments));
        Process process = Processes.outrider(log, environment, command);
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return new ObjectMapper().readTree(output.substring(output.indexOf("\n{") + 1));
    }

    @Test
    void throughputComparesOutriderWithTheLimit() throws Exception {
        JsonNode found = bench(
                "throughput",
                "--accounts",
                "500",
                "--events",
                "50000",
                "--passes",
                "1",
                "--checkpoint-cost",
                "--tracing-cost",
                "--json");
        double limit = found.get("limit").get("eventsPerSecond").asDouble();
        double outrider = found.get("outrider").get("eventsPerSecond").asDouble();
        assertThat(found.get("ratio").asDouble()).isEqualTo(outrider / limit);
        assertThat(found.get("cpuRatio").asDouble()).isPositive();
        assertThat(found.get("checkpointRatio").asDouble()).isPositive();
        assertThat(found.get("tracingRatio").asDouble())
                .isEqualTo(found.get("withTracing").get("eventsPerSecond").asDouble() / outrider);
        assertThat(found.get("alerts").asLong()).isPositive();
    }

    @Test
    void throughputComparesWhatKeepingUpWithASteadyRateCosts() throws Exception {
        JsonNode found = bench(
                "throughput",
                "--accounts",
                "500",
                "--events",
                "10000",
                "--rate",
                "2000",
                "--warm-up",
                "0",
                "--passes",
                "1",
                "--json");
        assertThat(found.get("rate").asInt()).isEqualTo(2_000);
        assertThat(found.has("ratio")).isFalse();
        for (String contender : List.of("limit", "outrider")) {
            assertThat(found.get(contender).get("eventsPerSecond").asDouble()).isBetween(1_900.0, 2_400.0);
        }
        assertThat(found.get("cpuRatio").asDouble()).isPositive();
    }

    @Test
    void throughputLeavesOutWhatBringsAccountsIntoMemory() throws Exception {
        JsonNode found = bench(
                "throughput",
                "--accounts",
                "10000",
                "--events",
                "10000",
                "--known",
                "--warm-up",
                "0",
                "--passes",
                "1",
                "--json");
        assertThat(found.get("known").asBoolean()).isTrue();
        assertThat(found.get("events").asLong()).isEqualTo(10_000);
        assertThat(found.get("alerts").asLong())
                .as("of these and of the 30,000 before them")
                .isGreaterThan(100);
        assertThat(found.get("ratio").asDouble()).isPositive();
    }

    @Test
    void latencyCountsTheAlertsOfASteadyStream() throws Exception {
        JsonNode found = bench("latency", "--rate", "200", "--seconds", "5", "--json");
        assertThat(found.get("alerts").asLong()).isBetween(20L, 200L);
        JsonNode latency = found.get("alertLatencyMs");
        assertThat(latency.get("p50").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(latency.get("p99").asDouble());
    }

    /** As bytes on the heap alone, the million would not fit. */
    @Test
    void aNodeServesAMillionAccountsAndTheirEventsInHalfAGibibyte() throws Exception {
        JsonNode found = bench(
                Map.of("OUTRIDER_JAVA_OPTS", "-Xmx512m"),
                "recovery",
                "--accounts",
                "1000000",
                "--touch",
                "60000",
                "--json");
        assertThat(found.get("checkpoint").get("bytes").asLong()).isGreaterThan(900L << 20);
        assertThat(found.get("touching").get("inMemoryAtMost").asInt()).isLessThan(60_000);
        assertThat(found.get("heap").get("bytesPerPassiveAccount").asDouble()).isLessThan(100);
    }
}
