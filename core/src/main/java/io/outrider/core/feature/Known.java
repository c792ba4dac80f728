package io.outrider.core.feature;

import io.outrider.core.risk.AccountHistory;
import io.outrider.core.risk.MerchantHistory;
import org.jspecify.annotations.Nullable;

/** What is known across accounts about an event's merchant and account. */
record Known(@Nullable MerchantHistory merchant, @Nullable AccountHistory account) {

    static final Known NOTHING = new Known(null, null);
}
