package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;

/** Times in stored risk: 0 for {@link MerchantHistory#NEVER}, any other as its zigzag plus one. */
final class RiskTimes {

    private RiskTimes() {}

    static void write(StateWriter out, long timeMs) {
        out.unsigned(timeMs == MerchantHistory.NEVER ? 0 : ((timeMs << 1) ^ (timeMs >> 63)) + 1);
    }

    static long read(StateReader in) {
        long tag = in.unsigned();
        return tag == 0 ? MerchantHistory.NEVER : ((tag - 1) >>> 1) ^ -((tag - 1) & 1);
    }
}
