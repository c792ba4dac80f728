package io.outrider.core.rollout;

import java.util.List;

/**
 * What one node has counted since its process started.
 *
 * @param node names the process
 * @param atMs when this was true
 * @param counts by context
 */
public record NodeCounts(String node, long atMs, Health health, List<RolloutCounts> counts) {

    public NodeCounts {
        counts = List.copyOf(counts);
    }

    /**
     * What tells of trouble.
     *
     * @param lostRuns partitions that needed a new run because a decision failed, as it does where a model throws
     * @param timed decisions whose latency was sampled
     * @param slow those of them above the breaker's limit
     */
    public record Health(long lostRuns, long timed, long slow) {

        public static final Health NONE = new Health(0, 0, 0);

        /** Both together. */
        public Health plus(Health other) {
            return new Health(lostRuns + other.lostRuns, timed + other.timed, slow + other.slow);
        }

        /** What came since an earlier look at the same. */
        public Health since(Health earlier) {
            return new Health(
                    Math.max(0, lostRuns - earlier.lostRuns),
                    Math.max(0, timed - earlier.timed),
                    Math.max(0, slow - earlier.slow));
        }
    }
}
