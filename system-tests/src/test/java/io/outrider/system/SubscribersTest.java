package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand clients of the alert streams of two nodes, of which one is killed under load: those that it had go on at the other with
 * the last id that they have, and every client has every alert of the topic exactly once.
 */
class SubscribersTest {

    private static final int CLIENTS = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aThousandClientsHaveEachAlertOnceThoughANodeOfTheirsIsKilled() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        try (ClusterProcesses cluster = new ClusterProcesses(folder, history, 2);
                ClusterLoad load = new ClusterLoad(cluster.bootstrapServers(), folder.resolve("input.csv"), 300)) {
            cluster.createTopics(Map.of());
            ClusterProcesses.Node survivor = cluster.node(0);
            ClusterProcesses.Node killed = cluster.node(1);
            survivor.start();
            survivor.awaitReady();
            killed.start();
            killed.awaitReady();
            await().atMost(LIMIT).until(() -> !killed.http().partitions().isEmpty());
            Path log = folder.resolve("clients.log");
            Path ids = folder.resolve("ids.tsv");
            Process clients = follow(log, ids, survivor, killed);
            try {
                await().atMost(LIMIT).until(() -> isConnected(clients, log));
                load.start();
                await().atMost(LIMIT).until(() -> !cluster.alerts("alerts").isEmpty() && load.sent() > 1_500);
                killed.kill();
                cluster.untilServing(LIMIT, survivor);
                long sentBefore = load.sent();
                await().atMost(LIMIT).until(() -> load.sent() > sentBefore + 1_500);
                load.stop();
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> survivor.http().events() >= load.sent());
                Map<String, String> once = everyClientOnce(cluster);
                await("every client has each alert")
                        .atMost(LIMIT)
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(told(ids)).containsAllEntriesOf(once));
                clients.destroy();
                assertThat(clients.waitFor(60, TimeUnit.SECONDS))
                        .as("the clients have ended")
                        .isTrue();
            } finally {
                clients.destroyForcibly().onExit().join();
            }
            System.out.print(Files.readString(log));
            Map<String, String> once = everyClientOnce(cluster);
            assertThat(once).hasSizeGreaterThan(20);
            assertThat(told(ids)).as("by alert: times, clients that had it").isEqualTo(once);
            assertThat(Files.readString(log)).contains("gaps 0, told to be too slow 0");
        }
    }

    private Process follow(Path log, Path ids, ClusterProcesses.Node... nodes) throws IOException {
        String urls =
                Stream.of(nodes).map(node -> node.http().uri("").toString()).collect(Collectors.joining(","));
        return Processes.outrider(
                log,
                Map.of("OUTRIDER_JAVA_OPTS", "-Xmx200m"),
                List.of(
                        "bench",
                        "subscribers",
                        "--url",
                        urls,
                        "--subscribers",
                        "" + CLIENTS,
                        "--seconds",
                        "600",
                        "--ids",
                        ids.toString()));
    }

    private static boolean isConnected(Process clients, Path log) throws IOException {
        if (!clients.isAlive()) {
            throw new AssertionError("the clients ended: " + Files.readString(log));
        }
        return Files.readString(log).contains("connected     " + CLIENTS);
    }

    /** What the clients should tell of the alerts that are in the topic, each under an id of its own. */
    private static Map<String, String> everyClientOnce(ClusterProcesses cluster) {
        return cluster.alerts("alerts").keySet().stream()
                .collect(Collectors.toMap(id -> id, id -> CLIENTS + "\t" + CLIENTS));
    }

    private static Map<String, String> told(Path ids) throws IOException {
        return Files.readAllLines(ids).stream()
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
}
