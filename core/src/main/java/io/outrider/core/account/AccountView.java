package io.outrider.core.account;

import io.outrider.core.feature.Spending;
import io.outrider.core.feature.WindowSummary;
import java.util.List;
import java.util.Objects;

/**
 * What the outside may see of an account.
 *
 * @param usualAmount median of the last amounts, NaN before the first
 * @param stateHash hex SHA-256 of the feature state: equal histories, equal hashes
 * @param recentTransactions newest first
 * @param spending oldest first, by stretches of the windows; empty from a node that does not tell it yet
 * @param devices how many it used lately; 0 also from a node that does not tell it yet
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
        List<ScoredTransaction> recentTransactions,
        List<Spending> spending,
        Integer devices) {

    /** A message of a node of an earlier version leaves the last ones out. */
    public AccountView {
        spending = Objects.requireNonNullElse(spending, List.of());
        devices = Objects.requireNonNullElse(devices, 0);
    }

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
                state.decisions().recent(),
                features.spending(),
                features.devicesUsed());
    }
}
