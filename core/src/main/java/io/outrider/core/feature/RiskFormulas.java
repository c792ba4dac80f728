package io.outrider.core.feature;

import io.outrider.core.event.Transaction;
import io.outrider.core.risk.AccountHistory;
import io.outrider.core.risk.MerchantHistory;

/**
 * Features of what is known across accounts: NaN where nothing is known of the merchant; an account without known
 * frauds has none.
 */
final class RiskFormulas {

    private RiskFormulas() {}

    static double volume(FeatureSpec f, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.counts()[f.window()];
    }

    static double verdicts(FeatureSpec f, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.verdicts()[f.window()];
    }

    static double frauds(FeatureSpec f, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.frauds()[f.window()];
    }

    static double share(FeatureSpec f, Known k) {
        MerchantHistory history = k.merchant();
        if (history == null || history.verdicts()[f.window()] == 0) {
            return Double.NaN;
        }
        return (double) history.frauds()[f.window()] / history.verdicts()[f.window()];
    }

    static double risk(FeatureSpec f, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.smoothedRisk(f.window(), f.number());
    }

    static double knownTotal(Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.knownTotal();
    }

    static double fraudRun(Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.fraudRun();
    }

    static double usualFrauds(Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.usualFrauds();
    }

    static double usualFraudRun(Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : history.usualFraudRun();
    }

    /** Seconds since the first fraud of the run at the end of what is known. */
    static double runAge(Transaction e, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : secondsSince(history.runStartMs(), e);
    }

    /** Seconds since the last genuine transaction before that run: the run can't have begun earlier. */
    static double runAgeUpper(Transaction e, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : secondsSince(history.lastGenuineBeforeRunMs(), e);
    }

    static double sinceFraud(Transaction e, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : secondsSince(history.lastFraudMs(), e);
    }

    static double sinceGenuine(Transaction e, Known k) {
        MerchantHistory history = k.merchant();
        return history == null ? Double.NaN : secondsSince(history.lastGenuineMs(), e);
    }

    static double accountFrauds(FeatureSpec f, Known k) {
        AccountHistory history = k.account();
        return history == null ? 0 : history.frauds()[f.window()];
    }

    static double sinceAccountFraud(Transaction e, Known k) {
        AccountHistory history = k.account();
        return history == null ? Double.NaN : secondsSince(history.lastFraudMs(), e);
    }

    private static double secondsSince(long timeMs, Transaction e) {
        return timeMs == MerchantHistory.NEVER ? Double.NaN : (e.eventTimeMs() - timeMs) / 1000.0;
    }
}
