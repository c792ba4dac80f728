package io.outrider.core.decision;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.feature.FullMemories;
import io.outrider.core.feature.WindowSummary;
import java.util.List;

/**
 * What reasons are told with, beside the features.
 *
 * @param before the account's past before the transaction
 * @param windows the account's windows, the transaction included
 * @param historyMs from the account's earliest event to its newest, the transaction included, milliseconds
 * @param full the account's memories of names, the transaction's included
 */
record Circumstances(
        Transaction transaction, Past before, List<WindowSummary> windows, long historyMs, FullMemories full) {

    /**
     * An account's past.
     *
     * @param median median of its last amounts, NaN if it had none; mean and highest likewise
     * @param newestMs event time of its newest event, milliseconds since the epoch; meaningless if it had none
     */
    record Past(double median, double mean, double highest, long newestMs) {}

    /** Those of a transaction that has been folded into a state. */
    static Circumstances of(Transaction transaction, Past before, FeatureState state) {
        return new Circumstances(
                transaction,
                before,
                state.windows(),
                state.lastEventTimeMs() - state.firstEventTimeMs(),
                state.fullMemories());
    }
}
