package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class ClusterMemberTest {

    /** What remoting waits for before it ends with the process; its count is 0 when there is nothing to wait for. */
    private static long holds(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system).jvmHooksLatch().getCount();
    }

    @Test
    void whatIsWaitedForNamesTheSeedNodesAndThatTheFirstMustBeUp() {
        Config seeds = ConfigFactory.parseString(
                "pekko.cluster.seed-nodes = [\"pekko://outrider@10.0.0.1:17355\", \"pekko://outrider@10.0.0.2:17355\"]");
        assertThat(ClusterMember.awaited(seeds.withFallback(ConfigFactory.load())))
                .startsWith("the cluster: ")
                .contains("pekko://outrider@10.0.0.1:17355, pekko://outrider@10.0.0.2:17355")
                .endsWith("first seed node forms a new one, so that has to be up");
        assertThat(ClusterMember.awaited(ConfigFactory.load())).isEqualTo("the cluster");
    }

    @Test
    void remotingOutlivesTheRequestToEndUntilTheNodeHasLeft() {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "outrider", ConfigFactory.load());
        try {
            assertThat(holds(system)).isZero();
            ClusterMember.staysHeardUntilItHasLeft(system);
            assertThat(holds(system)).isEqualTo(1);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }
}
