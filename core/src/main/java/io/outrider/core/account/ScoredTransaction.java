package io.outrider.core.account;

import org.jspecify.annotations.Nullable;

/**
 * A transaction as it was decided.
 *
 * @param score calibrated score in [0, 1]
 * @param alertId the alert it raised, or null
 */
public record ScoredTransaction(
        String transactionId,
        long eventTimeMs,
        double amount,
        @Nullable String merchant,
        double score,
        @Nullable String alertId) {}
