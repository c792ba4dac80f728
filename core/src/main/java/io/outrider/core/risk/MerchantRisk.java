package io.outrider.core.risk;

import org.jspecify.annotations.Nullable;

/**
 * What is known across accounts: about merchants, and about an account's own confirmed frauds. Only what was known at
 * the time asked for is told; a label that arrives later is not seen. Published tables are immutable and thread-safe;
 * a ledger belongs to one thread.
 */
public interface MerchantRisk {

    /** Knows nothing about anyone. */
    MerchantRisk NONE = (merchant, eventTimeMs) -> null;

    /** What is known of a merchant, or null if nothing is. */
    @Nullable
    MerchantHistory at(@Nullable String merchant, long eventTimeMs);

    /** What is known of an account's confirmed frauds, or null if there are none. */
    default @Nullable AccountHistory account(String account, long eventTimeMs) {
        return null;
    }
}
