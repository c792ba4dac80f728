package io.outrider.core.account;

import org.jspecify.annotations.Nullable;

/**
 * A transaction as it was decided.
 *
 * @param score calibrated score in [0, 1]
 * @param alertId the alert it raised, or null
 * @param review whether it raised none and is one of the few to be reviewed all the same
 */
public record ScoredTransaction(
        String transactionId,
        long eventTimeMs,
        double amount,
        @Nullable String merchant,
        double score,
        @Nullable String alertId,
        boolean review) {

    /** Whether this is the transaction of an id: accounts keep ids and names only up to a length. */
    public boolean hasId(String id) {
        return transactionId.equals(RecentTransactions.bounded(id));
    }
}
