package io.outrider.app.node;

import io.outrider.core.port.ClusterNodes;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.PartitionPlaces;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** The members of the cluster, with the partitions that run on each. Thread-safe. */
final class MemberNodes implements ClusterNodes {

    private final ActorSystem<?> system;
    private final PartitionPlaces places;

    MemberNodes(ActorSystem<?> system, PartitionPlaces places) {
        this.system = system;
        this.places = places;
    }

    @Override
    public CompletionStage<ClusterNodes.Membership> cluster() {
        return places.places()
                .exceptionally(failure -> {
                    throw new UnavailableException("where the partitions run cannot be told in time", failure);
                })
                .thenApply(this::cluster);
    }

    private ClusterNodes.Membership cluster(Map<Integer, Address> running) {
        CurrentClusterState state = Cluster.get(system).state();
        List<Node> nodes = new ArrayList<>();
        for (Member member : state.getMembers()) {
            nodes.add(node(member, !state.getUnreachable().contains(member), running));
        }
        nodes.sort(Comparator.comparing(Node::address));
        List<Integer> homeless = IntStream.range(0, places.partitions())
                .filter(partition -> !running.containsKey(partition))
                .boxed()
                .toList();
        return new ClusterNodes.Membership(nodes, homeless);
    }

    private Node node(Member member, boolean reachable, Map<Integer, Address> running) {
        return new Node(
                member.address().hostPort().replaceFirst(".*@", ""),
                member.status().toString().toLowerCase(Locale.ROOT),
                StreamSupport.stream(member.getRoles().spliterator(), false)
                        .filter(role -> !role.startsWith("dc-"))
                        .sorted()
                        .toList(),
                reachable,
                member.address().equals(Cluster.get(system).selfMember().address()),
                running.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(member.address()))
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
