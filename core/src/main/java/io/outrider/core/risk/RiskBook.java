package io.outrider.core.risk;

import io.outrider.core.event.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All labels and all merchants' counts, of which a {@link RiskTable} is made. The same labels and counts in any order give
 * the same table: verdicts are folded in the order in which they became known, whatever came first here, and no clock is
 * read. Belongs to one thread.
 *
 * <p>A transaction that nobody has labelled becomes genuine when it is older than the maturity, as the newest event time
 * tells. That is counted by the two hours that it lies in: what is silent in them becomes known together, when the last of
 * it is mature, and is taken to lie before the first fraud that is labelled in them. A label that comes later still counts,
 * and takes the transaction out of the silent ones.
 *
 * <p>Memory: about 250 bytes a label, kept for good because any may be corrected (but for those of accounts that are erased), and 20 bytes for each two hours of each
 * merchant within the maturity and the 30 days behind it.
 */
public final class RiskBook {

    /** A verdict is in no window any more when it is known for so long. */
    private static final long WINDOWS_MS = 31L * 24 * 3_600_000;

    private static final Comparator<Fact> AS_KNOWN = Comparator.comparingLong(Fact::knownSinceMs)
            .thenComparingLong(Fact::eventTimeMs)
            .thenComparing(Fact::fraud)
            .thenComparing(Fact::account)
            .thenComparing(Fact::transactionId);

    private final long maturityMs;
    private final int maxMerchants;
    private final Map<Subject, Label> labels;
    private final MerchantCounts counts;
    private final Map<String, Long> positions;

    /** What a label is about. */
    record Subject(String account, String transactionId) {
        static Subject of(Label label) {
            return new Subject(label.account(), label.transactionId());
        }
    }

    /** A label, or the silence about the transactions of two hours. */
    private record Fact(
            String account,
            String transactionId,
            @Nullable String merchant,
            long eventTimeMs,
            boolean fraud,
            long knownSinceMs,
            int count) {}

    /**
     * An empty book.
     *
     * @param maturity age at which a transaction without label counts as genuine
     * @param maxMerchants how many merchants are counted at most; later ones are left out
     */
    public RiskBook(Duration maturity, int maxMerchants) {
        this(maturity, maxMerchants, new HashMap<>(), new MerchantCounts(), new TreeMap<>());
    }

    RiskBook(
            Duration maturity,
            int maxMerchants,
            Map<Subject, Label> labels,
            MerchantCounts counts,
            Map<String, Long> positions) {
        this.maturityMs = maturity.toMillis();
        this.maxMerchants = maxMerchants;
        this.labels = labels;
        this.counts = counts;
        this.positions = positions;
    }

    /** Takes a label, unless there is one that replaces it, or the same; tells whether it changes anything. */
    public boolean take(Label label) {
        Subject subject = Subject.of(label);
        Label known = labels.get(subject);
        if (known != null && !label.replaces(known)) {
            return false;
        }
        labels.put(subject, label);
        return true;
    }

    /** Forgets an account's labels; tells whether there were any. The merchants' counts name no account and stay. */
    public boolean erase(String account) {
        return labels.keySet().removeIf(subject -> subject.account().equals(account));
    }

    /** Adds counts; tells how many merchants were left out because there are too many. */
    public int take(MerchantCounts more) {
        return counts.add(more, maxMerchants);
    }

    /** How far a source is taken; 0 before the first. */
    public long position(String source) {
        return positions.getOrDefault(source, 0L);
    }

    /** Remembers how far a source is taken. */
    public void position(String source, long next) {
        positions.put(source, next);
    }

    Map<Subject, Label> labels() {
        return labels;
    }

    MerchantCounts counts() {
        return counts;
    }

    Map<String, Long> positions() {
        return positions;
    }

    /** What is known now. Costs a fold of everything that the windows may hold. */
    public RiskTable table() {
        settle();
        Map<String, List<Label>> byMerchant = new HashMap<>();
        Map<String, List<Fact>> frauds = new HashMap<>();
        long verdicts = 0;
        long fraudTotal = 0;
        for (Label label : labels.values()) {
            if (label.fraud()) {
                frauds.computeIfAbsent(label.account(), account -> new ArrayList<>())
                        .add(fact(label));
                fraudTotal++;
            }
            if (label.merchant() != null) {
                byMerchant
                        .computeIfAbsent(label.merchant(), name -> new ArrayList<>())
                        .add(label);
            } else {
                verdicts++;
            }
        }
        Map<String, VerdictTrail> merchants = new HashMap<>();
        Set<String> names = new HashSet<>(counts.volumes().keySet());
        names.addAll(byMerchant.keySet());
        for (String name : names) {
            VerdictTrail trail = merchant(
                    counts.volumes().getOrDefault(name, new MerchantVolume()),
                    byMerchant.getOrDefault(name, List.of()));
            merchants.put(name, trail);
            verdicts += trail.knownTotal();
        }
        Map<String, VerdictTrail> accounts = new HashMap<>();
        frauds.forEach((account, facts) -> accounts.put(account, fold(new VerdictTrail(), facts)));
        return new RiskTable(merchants, accounts, new RiskTable.Totals(verdicts, fraudTotal));
    }

    private void settle() {
        if (!counts.isEmpty()) {
            long below = settledBelow();
            counts.volumes().values().forEach(volume -> volume.settle(below));
        }
    }

    private long settledBelow() {
        return MerchantVolume.bucketOf(counts.newestMs() - maturityMs - WINDOWS_MS);
    }

    private VerdictTrail merchant(MerchantVolume volume, List<Label> labelled) {
        Map<Long, Integer> spoken = new HashMap<>();
        Map<Long, Long> firstFraudMs = new HashMap<>();
        List<Fact> facts = new ArrayList<>();
        long spokenSettled = 0;
        for (Label label : labelled) {
            long bucket = MerchantVolume.bucketOf(label.eventTimeMs());
            spoken.merge(bucket, 1, Integer::sum);
            spokenSettled += !counts.isEmpty() && bucket < settledBelow() ? 1 : 0;
            if (label.fraud()) {
                firstFraudMs.merge(bucket, label.eventTimeMs(), Math::min);
            }
            facts.add(fact(label));
        }
        VerdictTrail trail = new VerdictTrail();
        if (volume.settledCount() > spokenSettled) {
            trail.settled(volume.settledNewestMs(), volume.settledCount() - spokenSettled);
        }
        for (int i = 0; i < volume.size(); i++) {
            long bucket = volume.bucket(i);
            trail.transactions(volume.newestMs(i), volume.count(i));
            int silent = volume.count(i) - spoken.getOrDefault(bucket, 0);
            long knownSinceMs = (bucket + 1) * MerchantVolume.BUCKET_MS + maturityMs;
            if (silent > 0 && knownSinceMs <= counts.newestMs()) {
                long before = firstFraudMs.getOrDefault(bucket, Long.MAX_VALUE) - 1;
                facts.add(new Fact("", "", null, Math.min(volume.newestMs(i), before), false, knownSinceMs, silent));
            }
        }
        return fold(trail, facts);
    }

    private static VerdictTrail fold(VerdictTrail trail, List<Fact> facts) {
        facts.sort(AS_KNOWN);
        for (Fact fact : facts) {
            if (fact.fraud()) {
                trail.verdict(
                        new Verdict(fact.account(), fact.merchant(), fact.eventTimeMs(), true, fact.knownSinceMs()));
            } else {
                trail.genuine(fact.eventTimeMs(), fact.knownSinceMs(), fact.count());
            }
        }
        return trail;
    }

    private static Fact fact(Label label) {
        return new Fact(
                label.account(),
                label.transactionId(),
                label.merchant(),
                label.eventTimeMs(),
                label.fraud(),
                label.knownSinceMs(),
                1);
    }
}
