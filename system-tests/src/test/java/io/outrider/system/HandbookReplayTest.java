package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four months of transactions through the whole system: no event is lost or counted twice, whatever is killed. */
class HandbookReplayTest {

    private static final int KILLS = Integer.getInteger("outrider.kills", 20);
    private static final Duration REPLAY_LIMIT = Duration.ofMinutes(15);

    @TempDir
    private Path folder;

    @Test
    void everyAccountEqualsWhatSqlSaysOfTheFiles() throws Exception {
        Handbook handbook = Handbook.data();
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator")
                .with(Processes.COMPILED)
                .start()) {
            assertThat(replay(outrider, handbook).waitFor()).isZero();

            awaitTotals(outrider, handbook);
        }
    }

    @Test
    void aStreamWithoutKeysGivesTheSame() throws Exception {
        Handbook handbook = Handbook.data();
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator", "--rekey")
                .with(Processes.COMPILED)
                .start()) {
            assertThat(replay(outrider, handbook, "--no-key").waitFor()).isZero();

            awaitTotals(outrider, handbook);
        }
    }

    @Test
    void killingItAgainAndAgainChangesNothing() throws Exception {
        Handbook handbook = Handbook.data();
        SplittableRandom random = new SplittableRandom(seed());
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator")
                .with(Processes.COMPILED)
                .start()) {
            // Slow enough that the replay outlasts the kills; the producer waits while the broker is away.
            Process replay = replay(outrider, handbook, "--rate", "12000");
            for (int kill = 0; kill < KILLS; kill++) {
                // As soon as it answers again, whether or not it has caught up: recovery is to be killed, too.
                long before = outrider.events();
                await().atMost(Duration.ofMinutes(2)).until(() -> outrider.events() > before || !replay.isAlive());
                TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
                outrider.kill();
                outrider.launch();
            }
            assertThat(replay.waitFor()).isZero();

            awaitTotals(outrider, handbook);
        }
    }

    private Process replay(LocalOutrider outrider, Handbook handbook, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("replay", "--bootstrap", outrider.bootstrapServers()));
        arguments.addAll(List.of(options));
        arguments.addAll(handbook.files());
        return LocalOutrider.outrider(folder.resolve("replay.log"), arguments);
    }

    private static void awaitTotals(LocalOutrider outrider, Handbook handbook) throws Exception {
        Map<String, Handbook.Total> expected = handbook.totals();
        long events =
                expected.values().stream().mapToLong(Handbook.Total::events).sum();
        await().atMost(REPLAY_LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> outrider.events() >= events);

        Map<String, Handbook.Total> actual = new TreeMap<>();
        for (JsonNode account : outrider.accounts()) {
            // The API's number is a double; the files have cents.
            BigDecimal amount = account.get("amountTotal").decimalValue().setScale(2, RoundingMode.HALF_EVEN);
            actual.put(
                    account.get("account").asText(),
                    new Handbook.Total(account.get("events").asLong(), amount));
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static long seed() {
        long seed = Long.getLong("outrider.seed", System.nanoTime());
        System.out.println("seed of the kills: -Doutrider.seed=" + seed);
        return seed;
    }
}
