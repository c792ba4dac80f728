package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.local.LocalPorts;
import io.outrider.core.port.NodeStatus;
import io.outrider.ingestion.kafka.BrokerWatch;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker that goes and comes back, and an idle node's word for it. */
class BrokerGoneTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void aNodeIsNotReadyWhileItsBrokerIsGoneAndIsWhileThatIsIdle() throws Exception {
        int port = LocalPorts.free(0, "a port");
        Config config = ConfigFactory.parseMap(Map.of("outrider.kafka.answer-limit", "2 s"))
                .withFallback(ConfigFactory.load())
                .resolve();
        EmbeddedBroker broker = EmbeddedBroker.start(folder, port);
        KafkaSettings kafka = KafkaSettings.from(config).withBootstrapServers(broker.bootstrapServers());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "outrider", config);
        try (Topics topics = new Topics(kafka);
                BrokerWatch watch = BrokerWatch.start(system, kafka, topics)) {
            NodeStatus status = new BrokerStatus(() -> new NodeStatus.Snapshot(true, List.of(), "m", List.of()), watch);
            await().atMost(PATIENCE)
                    .during(Duration.ofSeconds(6))
                    .until(() -> status.snapshot().ready());

            broker.close();
            await().atMost(PATIENCE).until(() -> !status.snapshot().ready());
            assertThat(status.snapshot().reasons())
                    .containsExactly("no broker at 127.0.0.1:" + port + " has answered for 2 s or more");

            broker = EmbeddedBroker.start(folder, port);
            await().atMost(PATIENCE).until(() -> status.snapshot().ready());
        } finally {
            broker.close();
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }
}
