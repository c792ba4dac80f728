package io.outrider.app.node;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** This node's way into its cluster. */
final class ClusterMember {

    private static final long POLL_MS = 20;

    private ClusterMember() {}

    /**
     * Returns when this node is up. With seed nodes in its configuration it joins by itself, as soon as one answers or
     * it is the first of them; without, it forms a cluster alone.
     */
    static Done join(ActorSystem<?> system) throws InterruptedException {
        Cluster cluster = Cluster.get(system);
        if (system.settings().config().getStringList("pekko.cluster.seed-nodes").isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        while (!cluster.selfMember().status().equals(MemberStatus.up())) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        return Done.getInstance();
    }
}
