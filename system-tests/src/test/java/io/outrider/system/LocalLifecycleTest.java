package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person does with {@code local} besides watching it. */
class LocalLifecycleTest {

    @TempDir
    private Path folder;

    @Test
    void catchesAnomaliesEndsWithinTenSecondsAndKnowsEverythingAfterwards() throws Exception {
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200").start()) {
            await().atMost(Duration.ofSeconds(90)).until(() -> !alerts(outrider).isEmpty());
            JsonNode alert = alerts(outrider).get(0);
            assertThat(alert.get("reasons")).isNotEmpty();
            String path = "/api/v1/accounts/" + alert.get("account").asText();
            assertThat(outrider.interrupt()).isLessThan(Duration.ofSeconds(10));
            assertThat(Files.readString(folder.resolve("data.log"))).doesNotContain("ERROR");

            outrider.start();

            assertThat(outrider.get("/api/v1/alerts/" + alert.get("id").asText()))
                    .isEqualTo(alert);
            assertThat(outrider.get(path).get("events").asLong()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "network-access", "sensor"})
    void otherWorldsAreWatchedByTheirOwnPlans(String profile) throws Exception {
        try (LocalOutrider outrider =
                new LocalOutrider(folder.resolve("data"), "--rate", "200", "--profile", profile).start()) {
            await().atMost(Duration.ofSeconds(90)).until(() -> !alerts(outrider).isEmpty());

            assertThat(alerts(outrider).get(0).get("reasons")).isNotEmpty();
        }
    }

    @Test
    void aSecondOneOnTheSameDataDirectoryIsRefused() throws Exception {
        Path data = folder.resolve("data");
        Path log = folder.resolve("second.log");
        try (LocalOutrider outrider = new LocalOutrider(data, "--no-simulator").start()) {
            Process second = LocalOutrider.outrider(log, List.of("local", "--data-dir", data.toString()));

            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(Files.readString(log))
                    .contains("in use by another Outrider")
                    .contains(data.toString());
            assertThat(outrider.get("/health/ready")).isNotNull();
        }
    }

    @Test
    void aBusyPortIsNamed() throws Exception {
        Path log = folder.resolve("second.log");
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator").start()) {
            String busy = Integer.toString(outrider.uri("/").getPort());
            Process second = LocalOutrider.outrider(
                    log, List.of("local", "--data-dir", folder.resolve("other").toString(), "--port", busy));

            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(Files.readString(log)).contains("port " + busy);
        }
    }

    private static JsonNode alerts(LocalOutrider outrider) throws Exception {
        return outrider.get("/api/v1/alerts?limit=1").get("items");
    }
}
