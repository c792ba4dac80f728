package io.outrider.training.etl;

import io.outrider.core.risk.MerchantRisk;
import org.jspecify.annotations.Nullable;

/**
 * What is known of merchants at a record.
 *
 * @param version of the table in force, 0 for none; null where it is no table
 * @param stale whether it is not what was in force, because that is not known or gone
 */
public record RiskKnown(MerchantRisk risk, @Nullable Long version, boolean stale) {

    /** Nothing: no table was in force. */
    public static final RiskKnown NOTHING = new RiskKnown(MerchantRisk.NONE, 0L, false);
}
