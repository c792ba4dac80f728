package io.outrider.core.rollout;

import io.outrider.core.model.Canary;
import io.outrider.core.rollout.RolloutCounts.Decided;
import io.outrider.core.rollout.RolloutCounts.Shadow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counts of all nodes, summed by what is asked. Immutable. */
public record ClusterCounts(List<NodeCounts> nodes) {

    public ClusterCounts {
        nodes = List.copyOf(nodes);
    }

    /** Decisions of a model as the champion, whatever stood beside it. */
    public Decided championDecided(String version) {
        Decided sum = new Decided(0, new long[ScoreBins.COUNT]);
        for (NodeCounts node : nodes) {
            for (RolloutCounts counts : node.counts()) {
                if (counts.context().modelVersion().equals(version)) {
                    sum = sum.plus(counts.champion());
                }
            }
        }
        return sum;
    }

    /** Decisions of a model as the canary, whatever its share and whoever was champion. */
    public Decided canaryDecided(String version) {
        Decided sum = new Decided(0, new long[ScoreBins.COUNT]);
        for (NodeCounts node : nodes) {
            for (RolloutCounts counts : node.counts()) {
                Canary canary = counts.context().canary();
                if (canary != null && canary.modelVersion().equals(version)) {
                    sum = sum.plus(counts.canary());
                }
            }
        }
        return sum;
    }

    /** A challenger beside a champion, with whatever canary there was; null if it was never that. What it decided itself is not in it. */
    public @Nullable Shadow shadow(String champion, String challenger) {
        Shadow sum = null;
        for (NodeCounts node : nodes) {
            for (RolloutCounts counts : node.counts()) {
                if (counts.context().modelVersion().equals(champion)
                        && challenger.equals(counts.context().challengerVersion())) {
                    sum = sum == null ? counts.shadow() : sum.plus(counts.shadow());
                }
            }
        }
        return sum;
    }

    /** How all nodes are doing. */
    public NodeCounts.Health health() {
        return nodes.stream().map(NodeCounts::health).reduce(NodeCounts.Health.NONE, NodeCounts.Health::plus);
    }
}
