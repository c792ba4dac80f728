package io.outrider.core.drift;

import io.outrider.core.decision.DecisionWatch;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts a node's traffic in the bins of the champion's reference. One event in {@value #ONE_IN}, drawn at random, is counted:
 * that takes about a microsecond. Thread-safe.
 */
public final class DriftTally implements DecisionWatch {

    /** How many events there are for one that is counted. */
    static final int ONE_IN = 4;

    /**
     * All that have decided since the last reset, the one that came last first: while partitions change one after another, a node
     * decides under two, and a former one may come back. Replaced, never changed.
     */
    private volatile List<Counting> current = List.of();

    /** What was counted of one model's traffic. */
    public record Counted(String modelVersion, DriftCounts counts) {}

    private static final class Field {
        private final LongAdder present = new LongAdder();
        private final Map<String, LongAdder> values = new ConcurrentHashMap<>();
        private volatile boolean tooMany;

        void add(@Nullable String value) {
            if (value == null || value.isEmpty()) {
                return;
            }
            present.increment();
            if (!tooMany) {
                values.computeIfAbsent(value, any -> new LongAdder()).increment();
                if (values.size() > DriftCounts.Field.MOST_VALUES) {
                    tooMany = true;
                    values.clear();
                }
            }
        }

        DriftCounts.Field counts() {
            Map<String, Long> all = new TreeMap<>();
            if (!tooMany) {
                values.forEach((value, count) -> all.put(value, count.sum()));
            }
            return new DriftCounts.Field(present.sum(), all);
        }
    }

    private static final class Counting {
        private final String version;
        private final List<Histogram> columns;
        private final AtomicLongArray[] cells;
        private final LongAdder events = new LongAdder();
        private final Field merchant = new Field();
        private final Field device = new Field();
        private final Field network = new Field();
        private final Field currency = new Field();

        Counting(String version, Reference reference) {
            this.version = version;
            this.columns = DriftCounts.columns(reference);
            this.cells = columns.stream()
                    .map(column -> new AtomicLongArray(column.counts().length + 1))
                    .toArray(AtomicLongArray[]::new);
        }

        void add(Transaction transaction, Scores scores, boolean byChampion) {
            events.increment();
            double[] vector = scores.vector();
            for (int i = 0; i < vector.length; i++) {
                add(i, vector[i]);
            }
            if (byChampion) {
                add(vector.length, scores.raw());
            }
            merchant.add(transaction.merchant());
            device.add(transaction.device());
            network.add(transaction.network());
            currency.add(transaction.currency());
        }

        private void add(int column, double value) {
            AtomicLongArray bins = cells[column];
            bins.getAndIncrement(
                    Double.isNaN(value)
                            ? bins.length() - 1
                            : columns.get(column).bin(value));
        }

        DriftCounts counts() {
            List<long[]> all = new ArrayList<>();
            for (AtomicLongArray bins : cells) {
                long[] copy = new long[bins.length()];
                for (int i = 0; i < copy.length; i++) {
                    copy[i] = bins.get(i);
                }
                all.add(copy);
            }
            return new DriftCounts(
                    events.sum(),
                    all,
                    Map.of(
                            "merchant", merchant.counts(),
                            "device", device.counts(),
                            "network", network.counts(),
                            "currency", currency.counts()));
        }
    }

    @Override
    public void decided(Transaction transaction, DetectionContext context, Scores scores) {
        if (ThreadLocalRandom.current().nextInt(ONE_IN) != 0) {
            return;
        }
        String version = context.ref().modelVersion();
        Counting counting = of(version);
        if (counting == null) {
            Reference reference = context.model().manifest().reference();
            if (reference == null) {
                return;
            }
            counting = begin(version, reference);
        }
        counting.add(transaction, scores, scores.model() == context.model());
    }

    private @Nullable Counting of(String version) {
        for (Counting counting : current) {
            if (counting.version.equals(version)) {
                return counting;
            }
        }
        return null;
    }

    private synchronized Counting begin(String version, Reference reference) {
        Counting known = of(version);
        if (known != null) {
            return known;
        }
        List<Counting> next = new ArrayList<>();
        next.add(new Counting(version, reference));
        next.addAll(current);
        current = List.copyOf(next);
        return next.get(0);
    }

    /** What was counted since the last reset, by champion. */
    public List<Counted> counted() {
        return current.stream()
                .map(counting -> new Counted(counting.version, counting.counts()))
                .toList();
    }

    /** Begins anew, for the next hour. */
    public synchronized void reset() {
        current = List.of();
    }
}
