package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs of {@code local} are processes of their own: one that dies is told and made up for, and none outlives it. */
class BatchProcessTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String RUNS = "/api/v1/etl/runs";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "OUTRIDER_SUPERVISOR_ETL_CRON", "",
            "OUTRIDER_SUPERVISOR_RETRY_FIRST", "1 s",
            "OUTRIDER_CAPTURE_TIME_WINDOW", "2 s");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private LocalOutrider local;

    @BeforeEach
    void start() throws Exception {
        local = new LocalOutrider(folder.resolve("data"), "--rate", "200").with(ENVIRONMENT);
        local.start();
        await().atMost(LIMIT).until(this::captured);
    }

    @AfterEach
    void stop() {
        local.close();
    }

    @Test
    void anAttemptWhoseProcessIsKilledIsMadeAgain() throws Exception {
        ProcessHandle attempt = startRun();

        assertThat(attempt.destroyForcibly()).isTrue();

        JsonNode run = overRun();
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("succeeded");
        assertThat(run.get("attempt").asInt()).isEqualTo(2);
        assertThat(run.get("setbacks").get(0).asText()).contains("its process ended with 137");
    }

    @Test
    void noProcessIsLeftWhenLocalIsKilled() throws Exception {
        ProcessHandle attempt = startRun();

        local.kill();

        await().atMost(SOON).until(() -> !attempt.isAlive());
    }

    @Test
    void ctrlCInTheMidstOfARunEndsBothAndTheRunGoesOnAfterwards() throws Exception {
        ProcessHandle attempt = startRun();

        Processes.signal(attempt, "INT"); // a terminal tells all of them
        assertThat(local.interrupt()).isLessThan(SOON);

        await().atMost(SOON).until(() -> !attempt.isAlive());
        assertThat(Files.readString(folder.resolve("data.log")))
                .doesNotContain("ERROR")
                .doesNotContain("of etl-1 failed");
        local.start();
        JsonNode run = overRun();
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("succeeded");
        assertThat(run.get("setbacks").get(0).asText()).contains("its node was stopped");
    }

    private ProcessHandle startRun() throws Exception {
        assertThat(local.post(RUNS, "application/json", "{}").statusCode()).isEqualTo(202);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> local.processes().findAny().isPresent());
        return local.processes().findAny().orElseThrow();
    }

    private JsonNode overRun() throws Exception {
        await().atMost(LIMIT)
                .ignoreException(AssertionError.class)
                .until(() -> !local.get(RUNS + "/etl-1").get("state").asText().matches("queued|running"));
        return local.get(RUNS + "/etl-1");
    }

    private boolean captured() throws Exception {
        Path raw = folder.resolve("data/lake/raw-transactions");
        if (!Files.isDirectory(raw)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(raw)) {
            return files.filter(file -> file.toString().contains("/transactions/") && Files.isRegularFile(file))
                            .count()
                    >= 2;
        }
    }
}
