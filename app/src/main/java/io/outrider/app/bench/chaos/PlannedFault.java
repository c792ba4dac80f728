package io.outrider.app.bench.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One fault of a plan.
 *
 * @param gapMs pause after the beginning of the fault before it
 * @param node which node it befalls, from 0; 0 for the broker's
 * @param lengthMs how long it lasts, without what is needed to recover
 */
record PlannedFault(FaultKind kind, int gapMs, int node, int lengthMs) {

    private static final int SHORTEST_GAP_MS = 5_000;
    private static final int LONGEST_GAP_MS = 20_000;

    /**
     * Draws a plan: kinds in random order, each as often as any other but for one.
     *
     * @param kinds what to draw from
     * @param nodes how many nodes there are
     */
    static List<PlannedFault> plan(long seed, int faults, List<FaultKind> kinds, int nodes) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<FaultKind, Integer> drawn = new EnumMap<>(FaultKind.class);
        List<PlannedFault> plan = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
            int fewest = kinds.stream()
                    .mapToInt(kind -> drawn.getOrDefault(kind, 0))
                    .min()
                    .orElseThrow();
            List<FaultKind> due = kinds.stream()
                    .filter(kind -> drawn.getOrDefault(kind, 0) == fewest)
                    .toList();
            FaultKind kind = due.get(random.nextInt(due.size()));
            drawn.merge(kind, 1, Integer::sum);
            plan.add(new PlannedFault(
                    kind,
                    random.nextInt(SHORTEST_GAP_MS, LONGEST_GAP_MS + 1),
                    kind.target() == FaultKind.Target.BROKER ? 0 : random.nextInt(nodes),
                    1_000 * random.nextInt(kind.shortestSeconds(), kind.longestSeconds() + 1)));
        }
        return plan;
    }

    /** What it is done to, as printed. */
    String targetName() {
        return switch (kind.target()) {
            case NODE -> ChaosCluster.nodeName(node);
            case LAKE -> "lake of " + ChaosCluster.nodeName(node);
            case BROKER -> "broker";
        };
    }
}
