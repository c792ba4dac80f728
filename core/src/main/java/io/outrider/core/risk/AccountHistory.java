package io.outrider.core.risk;

/**
 * The confirmed frauds of one account, as known at a time.
 *
 * @param frauds verdicts of fraud that became known within 1, 7 and 30 days
 * @param lastFraudMs event time of the newest known fraud
 */
public record AccountHistory(int[] frauds, long lastFraudMs) {}
