package io.outrider.core.risk;

import org.jspecify.annotations.Nullable;

/**
 * What became known of one transaction.
 *
 * @param merchant its merchant, or null if it named none
 * @param eventTimeMs when it happened, milliseconds since the epoch
 * @param fraud whether it was fraud
 * @param usual whether its amount was usual for the account, no surge: a fraud that was looks like the merchant's
 *     doing, one that was not like a stolen card's
 * @param knownSinceMs since when that is known, milliseconds since the epoch
 */
public record Verdict(
        String account, @Nullable String merchant, long eventTimeMs, boolean fraud, boolean usual, long knownSinceMs) {

    /** A verdict on a usual amount, or one of which that is not known. */
    public Verdict(String account, @Nullable String merchant, long eventTimeMs, boolean fraud, long knownSinceMs) {
        this(account, merchant, eventTimeMs, fraud, true, knownSinceMs);
    }
}
