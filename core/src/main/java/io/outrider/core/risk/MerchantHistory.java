package io.outrider.core.risk;

/**
 * Volumes and verdicts of one merchant, as known at a time. Arrays hold the last 1, 7 and 30 days (index 0, 1, 2);
 * windows are rings of fixed buckets and may reach up to one bucket (2 h, 12 h, 1 d) further back. Times are
 * milliseconds since the epoch, {@link #NEVER} where nothing of the kind is known.
 *
 * @param counts transactions by event time
 * @param verdicts verdicts, fraud or genuine, by when they became known
 * @param frauds verdicts of fraud by when they became known
 * @param knownTotal verdicts ever
 * @param fraudTotal verdicts of fraud ever
 * @param fraudRun how many of the newest verdicts, in the order of their events, are frauds without a genuine one between
 * @param usualFrauds verdicts of fraud on usual amounts that became known within 30 days
 * @param usualFraudRun how many verdicts of fraud on usual amounts became known since the last genuine one
 * @param runStartMs event time of the first fraud of that run
 * @param lastGenuineBeforeRunMs event time of the last genuine transaction before that run
 * @param lastFraudMs event time of the newest known fraud
 * @param lastGenuineMs event time of the newest transaction known as genuine
 * @param baseRate share of frauds among all merchants' verdicts, in (0, 1)
 */
public record MerchantHistory(
        int[] counts,
        int[] verdicts,
        int[] frauds,
        long knownTotal,
        long fraudTotal,
        int fraudRun,
        int usualFrauds,
        int usualFraudRun,
        long runStartMs,
        long lastGenuineBeforeRunMs,
        long lastFraudMs,
        long lastGenuineMs,
        double baseRate) {

    /** Stands for a time at which nothing happened. */
    public static final long NEVER = Long.MIN_VALUE;

    /** How many windows the arrays hold. */
    public static final int WINDOWS = 3;

    /**
     * Share of frauds among the verdicts of a window, pulled toward the base rate while verdicts are few.
     *
     * @param window 0, 1 or 2 for 1, 7 or 30 days
     * @param strength how many verdicts the base rate weighs, above 0
     */
    public double smoothedRisk(int window, double strength) {
        return (frauds[window] + strength * baseRate) / (verdicts[window] + strength);
    }
}
