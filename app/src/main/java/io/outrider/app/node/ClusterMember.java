package io.outrider.app.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** This node's way into its cluster. */
final class ClusterMember {

    private static final long POLL_MS = 20;

    /** Longer than a stop takes, and no longer than somebody who asked for it waits. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(60);

    private ClusterMember() {}

    /**
     * Returns when this node is up. With seed nodes in its configuration it joins by itself, as soon as one answers or
     * it is the first of them; where it is to discover others, it joins or forms a cluster with those; otherwise it forms
     * one alone.
     */
    static Done join(ActorSystem<?> system) throws InterruptedException {
        Cluster cluster = Cluster.get(system);
        if (Discovery.isOn(system.settings().config())) {
            Discovery.begin(system);
        } else if (system.settings()
                .config()
                .getStringList("pekko.cluster.seed-nodes")
                .isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        while (!isUp(system)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        return Done.getInstance();
    }

    /** What {@link #join} waits for, in words for who wonders why. */
    static String awaited(Config config) {
        List<String> seeds = config.getStringList("pekko.cluster.seed-nodes");
        return Discovery.isOn(config) || seeds.isEmpty()
                ? "the cluster"
                : "the cluster: none of the seed nodes " + String.join(", ", seeds)
                        + " has answered as a member of one yet, and only the node that is configured as the first seed node"
                        + " forms a new one, so that has to be up";
    }

    static boolean isUp(ActorSystem<?> system) {
        return Cluster.get(system).selfMember().status().equals(MemberStatus.up());
    }

    /**
     * Keeps the connections to other nodes when the process is asked to end, until the actor system has left its cluster
     * and ended. Remoting has a shutdown hook of its own, which waits for those of the coordinated shutdown only: without
     * any it would end at once, and the node would not be heard leaving.
     */
    static void staysHeardUntilItHasLeft(ActorSystem<?> system) {
        CompletionStage<Done> terminated = system.getWhenTerminated();
        Cancellable hook = CoordinatedShutdown.get(system)
                .addCancellableJvmShutdownHook(() -> StopSteps.await(terminated, LEAVE_LIMIT));
        var unused = terminated.whenComplete((done, failed) -> hook.cancel());
    }
}
