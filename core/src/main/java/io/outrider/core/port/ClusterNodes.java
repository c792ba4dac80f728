package io.outrider.core.port;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Which nodes the cluster has, and where its partitions run. Thread-safe. */
public interface ClusterNodes {

    /**
     * The cluster as this node sees it.
     *
     * @param nodes by address
     * @param homeless partitions that run on no node
     */
    record Membership(List<Node> nodes, List<Integer> homeless) {

        public Membership {
            nodes = List.copyOf(nodes);
            homeless = List.copyOf(homeless);
        }
    }

    /**
     * A member of it.
     *
     * @param address host and port that other nodes know it by
     * @param status its membership: joining, up, leaving and the like
     * @param roles what it does
     * @param reachable whether the others hear it
     * @param here whether it is this node
     * @param partitions those that run there, ascending
     */
    record Node(
            String address,
            String status,
            List<String> roles,
            boolean reachable,
            boolean here,
            List<Integer> partitions) {

        public Node {
            roles = List.copyOf(roles);
            partitions = List.copyOf(partitions);
        }
    }

    /** As of now. Fails with {@link UnavailableException} while it cannot be told. */
    CompletionStage<Membership> cluster();
}
