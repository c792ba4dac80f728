package io.outrider.core.feature;

import io.outrider.core.event.Transaction;
import org.jspecify.annotations.Nullable;

/** Features of the names an event carries: merchants, devices, networks. */
final class NameFormulas {

    private NameFormulas() {}

    /** 1 if the name is not among those remembered, NaN if the event has none. */
    static double first(NameMemory memory, @Nullable String name) {
        return name == null ? Double.NaN : memory.contains(name) ? 0 : 1;
    }

    static double distinctMerchants(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        String merchant = e.merchant();
        long since = s.nowMs(e.eventTimeMs()) - s.plan.windows()[f.window()].lengthMs();
        boolean another = merchant != null && !s.merchants.usedSince(merchant, since);
        return Math.min(s.merchants.usedSince(since) + (another ? 1 : 0), s.plan.merchants());
    }

    static double deviceSwitches(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        if (e.device() == null) {
            return Double.NaN;
        }
        int last = (int) f.number();
        long mask = last >= Long.SIZE ? -1L : (1L << last) - 1;
        return Long.bitCount(switchesWith(s, e.device()) & mask);
    }

    /** The account's switches with a further event on this device. */
    static long switchesWith(FeatureState s, String device) {
        boolean switched = !s.devices.isEmpty() && !s.devices.isNewest(device);
        return (s.deviceSwitches << 1) | (switched ? 1 : 0);
    }
}
