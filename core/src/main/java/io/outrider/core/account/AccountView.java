package io.outrider.core.account;

import io.outrider.core.feature.WindowSummary;
import java.util.List;

/**
 * What the outside may see of an account.
 *
 * @param usualAmount median of the last amounts, NaN before the first
 * @param stateHash hex SHA-256 of the feature state: equal histories, equal hashes
 * @param recentTransactions newest first
 */
public record AccountView(
        String account,
        int partition,
        long events,
        double amountTotal,
        long firstEventTimeMs,
        long lastEventTimeMs,
        double usualAmount,
        String stateHash,
        List<WindowSummary> windows,
        List<ScoredTransaction> recentTransactions) {

    /** Describes a state; the state may change afterwards. */
    public static AccountView of(String account, int partition, AccountState state, String stateHash) {
        var features = state.features();
        return new AccountView(
                account,
                partition,
                features.events(),
                features.amountTotal(),
                features.firstEventTimeMs(),
                features.lastEventTimeMs(),
                features.usualAmount(),
                stateHash,
                features.windows(),
                state.decisions().recent());
    }
}
