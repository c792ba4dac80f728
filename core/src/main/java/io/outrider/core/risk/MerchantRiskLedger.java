package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gathers merchants' volumes and everyone's verdicts in the order of time; the one implementation behind live
 * detection, batch and evaluation.
 *
 * <p>Verdicts may be handed in before they are known, and count from their known-since time: {@link #advanceTo} makes
 * known what has become known by then, so a feature can never see a label early. Feed order for one event: {@code
 * advanceTo(eventTime)}, compute features, {@link #transaction}, {@link #verdict}.
 *
 * <p>Memory: about 700 bytes a merchant, as many as the bound allows, and as much for each account with a confirmed
 * fraud, under the same bound. Verdicts that wait to be known take about 100 bytes each, so as many as the label
 * delay brings. When full, those without any activity for 30 days go first, then the tenth that was active longest
 * ago. Belongs to one thread.
 */
public final class MerchantRiskLedger implements MerchantRisk {

    private static final long FORGET_AFTER_MS = 30L * 24 * 3_600_000;

    private static final int FORMAT = 1;
    private static final int MAX_NAME_BYTES = 1024;
    private static final int FRAUD = 1;
    private static final int USUAL = 2;
    private static final int MERCHANT = 4;

    private static final Comparator<Pending> AS_KNOWN =
            Comparator.comparingLong(Pending::knownSinceMs).thenComparingLong(Pending::sequence);

    private final int maxEntries;
    private final Map<String, VerdictTrail> merchants = new HashMap<>();
    private final Map<String, VerdictTrail> accounts = new HashMap<>();
    private final PriorityQueue<Pending> pending = new PriorityQueue<>(AS_KNOWN);
    private long sequence;
    private long verdictTotal;
    private long fraudTotal;

    /**
     * An empty ledger.
     *
     * @param maxEntries how many merchants, and how many accounts with confirmed frauds, are kept at most; at least 10
     */
    public MerchantRiskLedger(int maxEntries) {
        if (maxEntries < 10) {
            throw new IllegalArgumentException("maxEntries must be at least 10: " + maxEntries);
        }
        this.maxEntries = maxEntries;
    }

    /** Counts a transaction of a merchant, by its event time. */
    public void transaction(@Nullable String merchant, long eventTimeMs) {
        if (merchant != null) {
            entry(merchants, merchant, eventTimeMs).transactions(eventTimeMs, 1);
        }
    }

    /** Hands in a verdict; it counts once {@link #advanceTo} has passed the time since which it is known. */
    public void verdict(Verdict verdict) {
        pending.add(new Pending(verdict, sequence++));
    }

    /** Makes known every verdict that is known since this time or earlier. */
    public void advanceTo(long nowMs) {
        for (Pending next = pending.peek(); next != null && next.knownSinceMs() <= nowMs; next = pending.peek()) {
            pending.remove();
            apply(next.verdict());
        }
    }

    @Override
    public @Nullable MerchantHistory at(@Nullable String merchant, long eventTimeMs) {
        VerdictTrail trail = merchant == null ? null : merchants.get(merchant);
        return trail == null ? null : trail.merchantAt(eventTimeMs, baseRate());
    }

    @Override
    public @Nullable AccountHistory account(String account, long eventTimeMs) {
        VerdictTrail trail = accounts.get(account);
        return trail == null ? null : trail.accountAt(eventTimeMs);
    }

    /** An immutable copy of what is known now, to be shared. Costs a copy of every entry. */
    public RiskTable snapshot() {
        return new RiskTable(copy(merchants), copy(accounts), new RiskTable.Totals(verdictTotal, fraudTotal));
    }

    /**
     * Everything as bytes, verdicts that wait to be known included; equal ledgers give equal bytes. In the encodings of
     * {@link StateWriter}: the byte 1; verdicts and frauds in all; merchants and accounts as in {@link RiskTableCodec}; the
     * number of waiting verdicts and, in the order in which they become known, account, flags (1 fraud, 2 usual amount, 4 a
     * merchant follows), merchant, event time, known-since time; {@link Checksum}.
     */
    public byte[] encode() {
        StateWriter out = new StateWriter();
        out.byteValue(FORMAT);
        out.unsigned(verdictTotal);
        out.unsigned(fraudTotal);
        RiskTableCodec.write(out, merchants);
        RiskTableCodec.write(out, accounts);
        List<Pending> waiting = new ArrayList<>(pending);
        waiting.sort(AS_KNOWN);
        out.unsigned(waiting.size());
        for (Pending one : waiting) {
            Verdict verdict = one.verdict();
            String merchant = verdict.merchant();
            out.text(verdict.account());
            out.byteValue(
                    (verdict.fraud() ? FRAUD : 0) | (verdict.usual() ? USUAL : 0) | (merchant == null ? 0 : MERCHANT));
            if (merchant != null) {
                out.text(merchant);
            }
            RiskTimes.write(out, verdict.eventTimeMs());
            RiskTimes.write(out, verdict.knownSinceMs());
        }
        return Checksum.append(out.toBytes());
    }

    /** A ledger that goes on from {@link #encode}d bytes; IllegalArgumentException if they are damaged or of another format. */
    public static MerchantRiskLedger decode(byte[] bytes, int maxEntries) {
        StateReader in = new StateReader(Checksum.verified(bytes));
        int format = in.byteValue();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "risk ledger of format " + format + ", this program reads format " + FORMAT);
        }
        MerchantRiskLedger ledger = new MerchantRiskLedger(maxEntries);
        ledger.verdictTotal = in.unsigned();
        ledger.fraudTotal = in.unsigned();
        ledger.merchants.putAll(RiskTableCodec.read(in));
        ledger.accounts.putAll(RiskTableCodec.read(in));
        int waiting = in.unsigned(Integer.MAX_VALUE);
        for (int i = 0; i < waiting; i++) {
            String account = in.text(MAX_NAME_BYTES);
            int flags = in.byteValue();
            String merchant = (flags & MERCHANT) == 0 ? null : in.text(MAX_NAME_BYTES);
            long eventTimeMs = RiskTimes.read(in);
            ledger.verdict(new Verdict(
                    account, merchant, eventTimeMs, (flags & FRAUD) != 0, (flags & USUAL) != 0, RiskTimes.read(in)));
        }
        in.end();
        return ledger;
    }

    /**
     * Forgets accounts: what was confirmed of them, and what waits to be known. What merchants have counted of them names no
     * account, and stays. Whether there was anything.
     */
    public boolean forget(Predicate<String> erased) {
        boolean frauds = accounts.keySet().removeIf(erased);
        boolean waiting = pending.removeIf(one -> erased.test(one.verdict().account()));
        return frauds || waiting;
    }

    /** How many merchants are kept. */
    public int merchantCount() {
        return merchants.size();
    }

    private void apply(Verdict verdict) {
        verdictTotal++;
        if (verdict.fraud()) {
            fraudTotal++;
            entry(accounts, verdict.account(), verdict.knownSinceMs()).verdict(verdict);
        }
        if (verdict.merchant() != null) {
            entry(merchants, verdict.merchant(), verdict.knownSinceMs()).verdict(verdict);
        }
    }

    private double baseRate() {
        return new RiskTable.Totals(verdictTotal, fraudTotal).baseRate();
    }

    private VerdictTrail entry(Map<String, VerdictTrail> entries, String key, long nowMs) {
        VerdictTrail trail = entries.get(key);
        if (trail == null) {
            if (entries.size() >= maxEntries) {
                makeRoom(entries, nowMs);
            }
            trail = new VerdictTrail();
            entries.put(key, trail);
        }
        return trail;
    }

    private void makeRoom(Map<String, VerdictTrail> entries, long nowMs) {
        entries.values().removeIf(trail -> trail.lastActivityMs() < nowMs - FORGET_AFTER_MS);
        if (entries.size() >= maxEntries) {
            long[] times = entries.values().stream()
                    .mapToLong(VerdictTrail::lastActivityMs)
                    .sorted()
                    .toArray();
            long cut = times[times.length / 10];
            entries.values().removeIf(trail -> trail.lastActivityMs() <= cut);
        }
    }

    private static Map<String, VerdictTrail> copy(Map<String, VerdictTrail> entries) {
        Map<String, VerdictTrail> copy = new HashMap<>(entries.size() * 2);
        entries.forEach((key, trail) -> copy.put(key, trail.copy()));
        return copy;
    }

    private record Pending(Verdict verdict, long sequence) {
        long knownSinceMs() {
            return verdict.knownSinceMs();
        }
    }
}
