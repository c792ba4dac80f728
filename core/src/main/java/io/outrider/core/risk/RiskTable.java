package io.outrider.core.risk;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of merchants and accounts at one moment. Nothing writes to it after its construction; thread-safe. */
public final class RiskTable implements MerchantRisk {

    private final Map<String, VerdictTrail> merchants;
    private final Map<String, VerdictTrail> accounts;
    private final Totals totals;

    /** All merchants' verdicts ever, and how many of them are frauds. */
    record Totals(long verdicts, long frauds) {

        /** The base rate before any verdict is 0.5%, worth a hundred verdicts. */
        private static final double PRIOR_FRAUDS = 0.5;

        private static final double PRIOR_VERDICTS = 100;

        double baseRate() {
            return (frauds + PRIOR_FRAUDS) / (verdicts + PRIOR_VERDICTS);
        }
    }

    /** The maps and their trails belong to the table from now on. */
    RiskTable(Map<String, VerdictTrail> merchants, Map<String, VerdictTrail> accounts, Totals totals) {
        this.merchants = merchants;
        this.accounts = accounts;
        this.totals = totals;
    }

    @Override
    public @Nullable MerchantHistory at(@Nullable String merchant, long eventTimeMs) {
        VerdictTrail trail = merchant == null ? null : merchants.get(merchant);
        return trail == null ? null : trail.merchantAt(eventTimeMs, totals.baseRate());
    }

    @Override
    public @Nullable AccountHistory account(String account, long eventTimeMs) {
        VerdictTrail trail = accounts.get(account);
        return trail == null ? null : trail.accountAt(eventTimeMs);
    }

    /** How many merchants it knows. */
    public int merchantCount() {
        return merchants.size();
    }

    Map<String, VerdictTrail> merchants() {
        return merchants;
    }

    Map<String, VerdictTrail> accounts() {
        return accounts;
    }

    Totals totals() {
        return totals;
    }
}
