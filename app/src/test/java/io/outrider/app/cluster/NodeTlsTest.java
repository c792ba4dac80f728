package io.outrider.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that speak TLS, with certificates of this and of another CA. */
class NodeTlsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void nodesOfOneCaJoinAndOneOfAnotherCaDoesNot() throws IOException, InterruptedException {
        Path ours = TlsFiles.create(folder.resolve("ours"));
        Path others = TlsFiles.create(folder.resolve("others"));
        ActorSystem<Void> first = node(ours, "");
        Cluster.get(first)
                .manager()
                .tell(Join.create(Cluster.get(first).selfMember().address()));
        String seed = "127.0.0.1:"
                + Cluster.get(first).selfMember().address().getPort().orElseThrow();
        ActorSystem<Void> second = node(ours, seed);
        ActorSystem<Void> stranger = node(others, seed);
        ActorSystem<Void> plain = node(Path.of(""), seed);
        try {
            await().atMost(LIMIT).until(() -> isUp(second));

            // They give up by themselves when no seed node has answered.
            for (ActorSystem<Void> refused : List.of(stranger, plain)) {
                await().atMost(LIMIT)
                        .until(() -> refused.getWhenTerminated()
                                .toCompletableFuture()
                                .isDone());
            }
            assertThat(Cluster.get(first).state().getMembers()).hasSize(2);
        } finally {
            for (ActorSystem<Void> system : List.of(first, second, stranger, plain)) {
                system.terminate();
            }
        }
    }

    private static boolean isUp(ActorSystem<Void> system) {
        return Cluster.get(system).selfMember().status().equals(MemberStatus.up());
    }

    private static ActorSystem<Void> node(Path tls, String seed) {
        Config given = ConfigFactory.parseMap(Map.of(
                        "outrider.node.port",
                        0,
                        "outrider.node.seed-nodes",
                        seed,
                        "outrider.node.tls-folder",
                        tls.toString(),
                        "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes",
                        "5s",
                        "pekko.loglevel",
                        "OFF"))
                .withFallback(ConfigFactory.load());
        return ActorSystem.create(
                Behaviors.empty(),
                "outrider",
                NodeSettings.from(given).over(given).resolve());
    }
}
