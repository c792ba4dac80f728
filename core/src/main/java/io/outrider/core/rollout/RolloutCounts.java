package io.outrider.core.rollout;

import io.outrider.core.model.ContextRef;
import java.util.Arrays;

/**
 * What was counted under one context, whatever its merchant-risk table: sums that add up over threads, nodes and hours. Events
 * that are replayed after a crash are counted again, so these are measures of models and not an account of events.
 *
 * @param context with risk version 0
 * @param fromMs when counting began
 * @param untilMs when it was last looked at
 * @param champion decided by the champion
 * @param canary decided by the canary
 * @param shadow the challenger against the champion, where that decided
 */
public record RolloutCounts(
        ContextRef context, long fromMs, long untilMs, Decided champion, Decided canary, Shadow shadow) {

    /** Nothing yet. */
    public static RolloutCounts none(ContextRef context, long atMs) {
        return new RolloutCounts(
                context.withRisk(0),
                atMs,
                atMs,
                new Decided(0, new long[ScoreBins.COUNT]),
                new Decided(0, new long[ScoreBins.COUNT]),
                new Shadow(0, 0, 0, new long[ScoreBins.COUNT * ScoreBins.COUNT]));
    }

    /** Both together; contexts are equal. */
    public RolloutCounts plus(RolloutCounts other) {
        return new RolloutCounts(
                context,
                Math.min(fromMs, other.fromMs),
                Math.max(untilMs, other.untilMs),
                champion.plus(other.champion),
                canary.plus(other.canary),
                shadow.plus(other.shadow));
    }

    private static long[] sum(long[] a, long[] b, int sign) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("counts of " + a.length + " and of " + b.length + " bins");
        }
        long[] sum = new long[a.length];
        Arrays.setAll(sum, i -> a[i] + sign * b[i]);
        return sum;
    }

    /**
     * Decisions of one model.
     *
     * @param scores by {@link ScoreBins}
     */
    public record Decided(long alerts, long[] scores) {

        /** Decisions in all. */
        public long events() {
            return Arrays.stream(scores).sum();
        }

        /** Both together. */
        public Decided plus(Decided other) {
            return plus(other, 1);
        }

        /** What was counted since an earlier look at the same counts; nothing where there was more then. */
        public Decided since(Decided earlier) {
            Decided since = plus(earlier, -1);
            boolean fewer = since.alerts < 0 || Arrays.stream(since.scores).anyMatch(count -> count < 0);
            return fewer ? this : since;
        }

        private Decided plus(Decided other, int sign) {
            return new Decided(alerts + sign * other.alerts, sum(scores, other.scores, sign));
        }
    }

    /**
     * What the challenger would have decided.
     *
     * @param both transactions that alert under both
     * @param decidedOnly under the champion alone
     * @param challengerOnly under the challenger alone
     * @param joint by score bin of the champion, times the number of bins, plus that of the challenger
     */
    public record Shadow(long both, long decidedOnly, long challengerOnly, long[] joint) {

        /** Transactions scored by both. */
        public long events() {
            return Arrays.stream(joint).sum();
        }

        /** Both together. */
        public Shadow plus(Shadow other) {
            return new Shadow(
                    both + other.both,
                    decidedOnly + other.decidedOnly,
                    challengerOnly + other.challengerOnly,
                    sum(joint, other.joint, 1));
        }
    }
}
