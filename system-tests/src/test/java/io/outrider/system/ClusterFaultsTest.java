package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes under load, of which one is killed, one frozen and one asked to leave: no event is lost or counted twice,
 * no alert is lost or contradicted, and others take over in time.
 */
class ClusterFaultsTest {

    private static final Duration KILLED_LIMIT = Duration.ofSeconds(30);
    private static final Duration FROZEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration FROZEN_FOR = Duration.ofSeconds(30);
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void whateverIsKilledFrozenOrAskedToLeaveTheOutcomeIsThatOfAnUndisturbedNode() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        Path input = folder.resolve("input.csv");
        try (ClusterProcesses cluster = new ClusterProcesses(folder, history, 3);
                ClusterLoad load = new ClusterLoad(cluster.bootstrapServers(), input, 200)) {
            cluster.createTopics(Map.of());
            ClusterProcesses.Node first = cluster.node(0);
            ClusterProcesses.Node second = cluster.node(1);
            ClusterProcesses.Node third = cluster.node(2);
            first.start();
            first.awaitReady();
            second.start();
            third.start();
            second.awaitReady();
            third.awaitReady();
            load.start();
            await().atMost(CATCH_UP_LIMIT).until(() -> third.http().events() > 2_000);

            second.kill();
            Duration killed = cluster.untilServing(KILLED_LIMIT.multipliedBy(4), first, third);
            System.out.printf("a killed node's partitions ran again after %.1f s%n", seconds(killed));
            answersForAll(first);
            second.start();
            second.awaitReady();

            third.freeze();
            Duration frozen = cluster.untilServing(FROZEN_LIMIT.multipliedBy(4), first, second);
            System.out.printf("a frozen node's partitions ran again after %.1f s%n", seconds(frozen));
            TimeUnit.MILLISECONDS.sleep(Math.max(0, FROZEN_FOR.minus(frozen).toMillis()));
            third.thaw();
            // At first it still believes in its partitions, which others have by now.
            await().atMost(CATCH_UP_LIMIT)
                    .until(() -> partitions(third) > 0
                            && Stream.of(first, second, third)
                                            .mapToInt(ClusterFaultsTest::partitions)
                                            .sum()
                                    == ClusterProcesses.PARTITIONS);
            third.awaitReady();

            assertThat(first.terminate())
                    .as("exit code of a node asked to stop")
                    .isZero();
            Duration left = cluster.untilServing(KILLED_LIMIT.multipliedBy(4), second, third);
            System.out.printf("a leaving node's partitions ran elsewhere %.1f s after its end%n", seconds(left));
            answersForAll(second);

            load.stop();
            // The thawed one may have been removed and have started anew only now: then partitions move once more.
            await().atMost(CATCH_UP_LIMIT)
                    .until(() -> partitions(third) > 0
                            && partitions(second) + partitions(third) == ClusterProcesses.PARTITIONS);
            awaitEvents(second, load.sent());
            assertThat(AccountTotals.told(second.http().accounts()))
                    .isEqualTo(AccountTotals.bySql("read_csv('" + input + "', all_varchar = true)"));
            assertThat(hashes(second.http())).isEqualTo(hashes(input));
            Map<String, Set<String>> alerts = cluster.alerts("alerts");
            assertThat(alerts.values())
                    .as("one verdict each")
                    .allSatisfy(same -> assertThat(same).hasSize(1));
            assertThat(withoutRisk(alerts)).isEqualTo(withoutRisk(undisturbedAlerts(cluster, load.sent())));
            assertThat(killed)
                    .as("time without a killed node's partitions%s", load())
                    .isLessThanOrEqualTo(KILLED_LIMIT);
            assertThat(frozen)
                    .as("time without a frozen node's partitions%s", load())
                    .isLessThanOrEqualTo(FROZEN_LIMIT);
        }
    }

    private static int partitions(ClusterProcesses.Node node) {
        try {
            return node.http().partitions().size();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node that has some of the partitions tells of accounts on all of them. */
    private static void answersForAll(ClusterProcesses.Node node) throws Exception {
        Set<Integer> partitions = new HashSet<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> node.http().events() > 0);
        for (JsonNode account : node.http().accounts()) {
            partitions.add(account.get("partition").asInt());
        }
        assertThat(partitions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, ClusterProcesses.PARTITIONS).boxed().toList());
    }

    private static void awaitEvents(ClusterProcesses.Node node, long events) {
        await().atMost(CATCH_UP_LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> node.http().events() >= events);
    }

    /** The same log through one node of its own group, lake and topics, that nothing happens to. */
    private Map<String, Set<String>> undisturbedAlerts(ClusterProcesses cluster, long events) throws Exception {
        Map<String, String> apart = Map.of(
                "OUTRIDER_KAFKA_GROUP_ID", "undisturbed",
                "OUTRIDER_TOPIC_ALERTS", "alerts-undisturbed",
                "OUTRIDER_TOPIC_DEAD_LETTERS", "dead-letters-undisturbed");
        cluster.createTopics(apart);
        try (ClusterProcesses.Node alone = cluster.alone("undisturbed", folder.resolve("undisturbed"), apart)) {
            alone.start();
            alone.awaitReady();
            awaitEvents(alone, events);
            assertThat(alone.terminate()).isZero();
        }
        Map<String, Set<String>> alerts = cluster.alerts("alerts-undisturbed");
        assertThat(alerts)
                .hasSizeGreaterThan(50)
                .allSatisfy((id, verdicts) -> assertThat(verdicts).hasSize(1));
        System.out.printf("%d alerts from %d events%n", alerts.size(), events);
        return alerts;
    }

    /** Which merchant-risk table was in force when is a matter of time, and no part of the model's score. */
    private static Map<String, Set<JsonNode>> withoutRisk(Map<String, Set<String>> alerts) throws IOException {
        Map<String, Set<JsonNode>> comparable = new TreeMap<>();
        for (Map.Entry<String, Set<String>> alert : alerts.entrySet()) {
            for (String verdict : alert.getValue()) {
                JsonNode json = new ObjectMapper().readTree(verdict);
                ObjectNode receipt = (ObjectNode) json.required("receipt");
                ((ObjectNode) receipt.required("context")).remove("riskVersion");
                ((ObjectNode) receipt.required("vector"))
                        .properties()
                        .removeIf(feature -> feature.getKey().matches("merchant_.*|account_.*fraud.*"));
                comparable
                        .computeIfAbsent(alert.getKey(), id -> new HashSet<>())
                        .add(json);
            }
        }
        return comparable;
    }

    private static Map<String, String> hashes(OutriderHttp http) throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        for (JsonNode account : http.accounts()) {
            String id = account.get("account").asText();
            hashes.put(id, http.get("/api/v1/accounts/" + id).get("stateHash").asText());
        }
        return hashes;
    }

    /** By the fold in one thread. */
    private Map<String, String> hashes(Path input) throws Exception {
        Path accounts = folder.resolve("fold.ndjson");
        Process fold = Processes.outrider(
                folder.resolve("fold.log"),
                Map.of(),
                List.of("fold", "--accounts", accounts.toString(), input.toString()));
        assertThat(fold.waitFor()).isZero();
        Map<String, String> hashes = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(accounts)) {
            JsonNode account = json.readTree(line);
            hashes.put(account.get("account").asText(), account.get("stateHash").asText());
        }
        return hashes;
    }

    /** Time limits mean little when other programs keep the processors busy. */
    private static String load() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return " (load average %.1f on %d processors)"
                .formatted(system.getSystemLoadAverage(), system.getAvailableProcessors());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
