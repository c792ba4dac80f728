package io.outrider.detection.protocol;

/**
 * Bounds of a run.
 *
 * @param inFlight events not yet answered plus alerts and dead letters not yet acknowledged, above which no further
 *     part of a group is taken; nor is one taken of which more alerts are likely to come
 * @param batchEvents events of one account that are sent as one message, and that a part of a group has at most
 * @param barrierIntervalMs time between barriers while events arrive
 * @param replyTimeoutMs how long none of the answers owed to a barrier may come before one counts as lost; slow is not
 *     lost
 * @param idleBarriers an account that was not touched for so many barriers leaves memory; at least 1
 * @param accounts in memory, above which no further group is taken until some have left; several runs of a node share
 *     them. A group may bring as many above it as it has events
 * @param leaseMs how long a run may take records without having seen that the partition is its own
 * @param deltas how many delta files are kept before they fold into a new base
 */
public record RunLimits(
        int inFlight,
        int batchEvents,
        long barrierIntervalMs,
        long replyTimeoutMs,
        int idleBarriers,
        int accounts,
        long leaseMs,
        int deltas) {

    public RunLimits {
        positive("inFlight", inFlight);
        positive("batchEvents", batchEvents);
        positive("barrierIntervalMs", barrierIntervalMs);
        positive("replyTimeoutMs", replyTimeoutMs);
        positive("idleBarriers", idleBarriers);
        positive("accounts", accounts);
        positive("leaseMs", leaseMs);
        positive("deltas", deltas);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, is " + value);
        }
    }
}
