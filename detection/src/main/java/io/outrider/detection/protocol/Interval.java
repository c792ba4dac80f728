package io.outrider.detection.protocol;

import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies between two barriers: the accounts touched, and what must still come back before it can be durable. */
final class Interval {

    /** Number of the barrier that closes it. */
    final long number;

    final List<AccountSlot> touched = new ArrayList<>();

    /** What its records count at merchants. */
    final MerchantCounts merchants = new MerchantCounts();

    /** Batches not yet answered. */
    int unanswered;

    /** Alerts, scored transactions and dead letters not yet acknowledged by the broker. */
    int unacknowledged;

    /** Set when the barrier closes. */
    long nextOffset;

    /** When an account last answered, or when the barrier closed. */
    long progressMs;

    /** What comes into force behind the barrier; null for no change. */
    @Nullable
    ContextRef change;

    boolean closed;

    boolean writing;

    Interval(long number) {
        this.number = number;
    }

    /** A batch goes to the account. */
    void touch(AccountSlot slot, boolean snapshot) {
        if (slot.touchedIn != number) {
            slot.touchedIn = number;
            touched.add(slot);
        }
        slot.snapshotOf = snapshot ? number : 0;
        unanswered++;
    }

    boolean complete() {
        return unanswered == 0 && unacknowledged == 0;
    }
}
