package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
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

    /** Verdicts ever. */
    long knownTotal() {
        return knownTotal;
    }

    /** So many transactions of the same two hours. */
    void transactions(long eventTimeMs, int count) {
        volume.add(eventTimeMs, count);
    }

    /** Genuine transactions that are known for so long that no window holds them. */
    void settled(long newestMs, long count) {
        knownTotal += count;
        genuine(newestMs);
    }

    /** So many genuine transactions that became known together, the newest of them at this event time. */
    void genuine(long eventTimeMs, long knownSinceMs, int count) {
        verdicts.add(knownSinceMs, count);
        knownTotal += count;
        genuine(eventTimeMs);
    }

    void verdict(Verdict verdict) {
        if (!verdict.fraud()) {
            genuine(verdict.eventTimeMs(), verdict.knownSinceMs(), 1);
            return;
        }
        verdicts.add(verdict.knownSinceMs(), 1);
        knownTotal++;
        fraudTotal++;
        if (frauds == null) {
            frauds = new DayCounts();
        }
        frauds.add(verdict.knownSinceMs(), 1);
        fraud(verdict.eventTimeMs());
        if (verdict.usual()) {
            usualFraud(verdict);
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
        usualFrauds.add(verdict.knownSinceMs(), 1);
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

    /** Writes the trail; equal trails give equal bytes. */
    void write(StateWriter out) {
        volume.write(out);
        verdicts.write(out);
        (frauds == null ? new DayCounts() : frauds).write(out);
        (usualFrauds == null ? new DayCounts() : usualFrauds).write(out);
        out.unsigned(knownTotal);
        out.unsigned(fraudTotal);
        out.unsigned(fraudRun);
        out.unsigned(usualFraudRun);
        RiskTimes.write(out, runStartMs);
        RiskTimes.write(out, lastGenuineBeforeRunMs);
        RiskTimes.write(out, lastFraudMs);
        RiskTimes.write(out, lastGenuineMs);
    }

    /** Reads what {@link #write} wrote; IllegalArgumentException if that makes no sense. */
    static VerdictTrail read(StateReader in) {
        VerdictTrail trail = new VerdictTrail(DayCounts.read(in), DayCounts.read(in));
        trail.frauds = orNull(DayCounts.read(in));
        trail.usualFrauds = orNull(DayCounts.read(in));
        trail.knownTotal = in.unsigned();
        trail.fraudTotal = in.unsigned();
        trail.fraudRun = in.unsigned(Integer.MAX_VALUE);
        trail.usualFraudRun = in.unsigned(Integer.MAX_VALUE);
        trail.runStartMs = RiskTimes.read(in);
        trail.lastGenuineBeforeRunMs = RiskTimes.read(in);
        trail.lastFraudMs = RiskTimes.read(in);
        trail.lastGenuineMs = RiskTimes.read(in);
        return trail;
    }

    private static @Nullable DayCounts orNull(DayCounts counts) {
        return counts.newestMs() == Long.MIN_VALUE ? null : counts;
    }

    private static int[] sums(@Nullable DayCounts counts, long nowMs) {
        int[] sums = new int[MerchantHistory.WINDOWS];
        if (counts != null) {
            counts.sums(nowMs, sums);
        }
        return sums;
    }
}
