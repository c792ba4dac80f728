package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

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
