package io.outrider.core.risk;

import org.jspecify.annotations.Nullable;

/**
 * The verdicts on one merchant or account: counts by when they became known, and the run of frauds at the end.
 * Belongs to one thread.
 *
 * <p>Verdicts may arrive out of the order of their events (a fraud is confirmed within hours, the genuine ones around
 * it by silence, weeks later). The run is exact as long as no genuine verdict falls between frauds that are already
 * in the run; if one does, the frauds behind it are counted as one, because the single event times are not kept.
 */
final class VerdictTrail {

    private final DayCounts volume;
    private final DayCounts verdicts;
    private @Nullable DayCounts frauds;
    private long knownTotal;
    private long fraudTotal;
    private int fraudRun;
    private @Nullable DayCounts usualFrauds;
    private int usualFraudRun;
    private long runStartMs = MerchantHistory.NEVER;
    private long lastGenuineBeforeRunMs = MerchantHistory.NEVER;
    private long lastFraudMs = MerchantHistory.NEVER;
    private long lastGenuineMs = MerchantHistory.NEVER;

    VerdictTrail() {
        this(new DayCounts(), new DayCounts());
    }

    private VerdictTrail(DayCounts volume, DayCounts verdicts) {
        this.volume = volume;
        this.verdicts = verdicts;
    }

    VerdictTrail copy() {
        var copy = new VerdictTrail(volume.copy(), verdicts.copy());
        copy.frauds = frauds == null ? null : frauds.copy();
        copy.knownTotal = knownTotal;
        copy.fraudTotal = fraudTotal;
        copy.fraudRun = fraudRun;
        copy.usualFrauds = usualFrauds == null ? null : usualFrauds.copy();
        copy.usualFraudRun = usualFraudRun;
        copy.runStartMs = runStartMs;
        copy.lastGenuineBeforeRunMs = lastGenuineBeforeRunMs;
        copy.lastFraudMs = lastFraudMs;
        copy.lastGenuineMs = lastGenuineMs;
        return copy;
    }

    /** When anything was last added: a transaction by event time, or a verdict by when it became known. */
    long lastActivityMs() {
        return Math.max(volume.newestMs(), verdicts.newestMs());
    }

    void transaction(long eventTimeMs) {
        volume.add(eventTimeMs);
    }

    void verdict(Verdict verdict) {
        verdicts.add(verdict.knownSinceMs());
        knownTotal++;
        if (verdict.fraud()) {
            fraudTotal++;
            if (frauds == null) {
                frauds = new DayCounts();
            }
            frauds.add(verdict.knownSinceMs());
            fraud(verdict.eventTimeMs());
            if (verdict.usual()) {
                usualFraud(verdict);
            }
        } else {
            genuine(verdict.eventTimeMs());
        }
    }

    private void fraud(long eventTimeMs) {
        if (eventTimeMs >= lastGenuineMs) {
            if (fraudRun == 0) {
                lastGenuineBeforeRunMs = lastGenuineMs;
                runStartMs = eventTimeMs;
            }
            fraudRun++;
            runStartMs = Math.min(runStartMs, eventTimeMs);
        }
        lastFraudMs = Math.max(lastFraudMs, eventTimeMs);
    }

    private void usualFraud(Verdict verdict) {
        if (usualFrauds == null) {
            usualFrauds = new DayCounts();
        }
        usualFrauds.add(verdict.knownSinceMs());
        usualFraudRun = verdict.eventTimeMs() >= lastGenuineMs ? usualFraudRun + 1 : usualFraudRun;
    }

    private void genuine(long eventTimeMs) {
        usualFraudRun = eventTimeMs > lastFraudMs ? 0 : usualFraudRun;
        if (fraudRun > 0 && eventTimeMs > lastFraudMs) {
            fraudRun = 0;
            runStartMs = MerchantHistory.NEVER;
            lastGenuineBeforeRunMs = MerchantHistory.NEVER;
        } else if (fraudRun > 0) {
            lastGenuineBeforeRunMs = Math.max(lastGenuineBeforeRunMs, eventTimeMs);
            if (eventTimeMs > runStartMs) {
                fraudRun = 1;
                usualFraudRun = Math.min(usualFraudRun, 1);
                runStartMs = lastFraudMs;
            }
        }
        lastGenuineMs = Math.max(lastGenuineMs, eventTimeMs);
    }

    MerchantHistory merchantAt(long nowMs, double baseRate) {
        return new MerchantHistory(
                sums(volume, nowMs),
                sums(verdicts, nowMs),
                sums(frauds, nowMs),
                knownTotal,
                fraudTotal,
                fraudRun,
                sums(usualFrauds, nowMs)[MerchantHistory.WINDOWS - 1],
                usualFraudRun,
                runStartMs,
                lastGenuineBeforeRunMs,
                lastFraudMs,
                lastGenuineMs,
                baseRate);
    }

    AccountHistory accountAt(long nowMs) {
        return new AccountHistory(sums(frauds, nowMs), lastFraudMs);
    }

    private static int[] sums(@Nullable DayCounts counts, long nowMs) {
        int[] sums = new int[MerchantHistory.WINDOWS];
        if (counts != null) {
            counts.sums(nowMs, sums);
        }
        return sums;
    }
}
