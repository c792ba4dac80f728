package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes of which none is the first: started at once, each asks the others at their management addresses, as pods do
 * that Kubernetes has named to them, and they form one cluster, speaking mutual TLS as the chart has them do. Then each is replaced under load, as a roll-out does,
 * the one that formed the cluster among them.
 */
class BootstrapTest {

    private static final int SIZE = 3;
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nodesFindEachOtherAndReplacingAllOfThemUnderLoadLosesNothing() throws Exception {
        Path history = ClusterLoad.history(folder.resolve("history.csv"));
        Path input = folder.resolve("input.csv");
        Path certificates = folder.resolve("tls");
        NodeCertificates.make(certificates);
        try (ClusterProcesses cluster = ClusterProcesses.discovering(folder, history, SIZE);
                ClusterLoad load = new ClusterLoad(cluster.bootstrapServers(), input, 200)) {
            cluster.certificates(certificates);
            cluster.createTopics(Map.of());
            List<ClusterProcesses.Node> nodes =
                    IntStream.range(0, SIZE).mapToObj(cluster::node).toList();
            for (ClusterProcesses.Node node : nodes) {
                node.start();
            }
            for (ClusterProcesses.Node node : nodes) {
                node.awaitReady();
            }
            // One cluster: between them they run each partition, and each runs some.
            await().atMost(CATCH_UP_LIMIT)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> partitions(nodes).stream().allMatch(own -> own > 0)
                            && partitions(nodes).stream().mapToInt(own -> own).sum() == ClusterProcesses.PARTITIONS);

            load.start();
            await().atMost(CATCH_UP_LIMIT).until(() -> nodes.get(0).http().events() > 1_000);
            for (ClusterProcesses.Node node : nodes) {
                long start = System.nanoTime();
                assertThat(node.terminate())
                        .as("exit code of a node asked to stop")
                        .isZero();
                node.start();
                node.awaitReady();
                System.out.printf("replaced in %.1f s%n", (System.nanoTime() - start) / 1e9);
            }
            load.stop();

            ClusterProcesses.Node any = nodes.get(1);
            await().atMost(CATCH_UP_LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> any.http().events() >= load.sent());
            assertThat(any.http().events()).isEqualTo(load.sent());
            assertThat(AccountTotals.told(any.http().accounts()))
                    .isEqualTo(AccountTotals.bySql("read_csv('" + input + "', all_varchar = true)"));
            System.out.printf("%d events, all three nodes replaced%n", load.sent());
        }
    }

    private static List<Integer> partitions(List<ClusterProcesses.Node> nodes) throws InterruptedException {
        List<Integer> owned = new ArrayList<>();
        for (ClusterProcesses.Node node : nodes) {
            owned.add(node.http().partitions().size());
        }
        return owned;
    }
}
