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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts a node's traffic in the bins of the champion's reference. One event in {@value #ONE_IN}, drawn at random, is counted.
 * Thread-safe.
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

    /**
     * Vectors that wait to be counted. Alone, each would find the columns' bins out of the cache, which takes longer than to count
     * it. Guarded by itself.
     */
    private static final class Rows {

        private static final int MOST = 32;

        private final int width;
        private final double[] values;
        private final boolean[] byChampion = new boolean[MOST];
        private int size;

        /** @param width features and one score */
        Rows(int width) {
            this.width = width;
            this.values = new double[MOST * width];
        }

        /** Takes one, for which there must be room. */
        void add(double[] vector, double raw, boolean byChampion) {
            System.arraycopy(vector, 0, values, size * width, width - 1);
            values[(size + 1) * width - 1] = raw;
            this.byChampion[size++] = byChampion;
        }

        double value(int row, int column) {
            return values[row * width + column];
        }
    }

    /** What one model's traffic was. */
    private static final class Counting {

        /** Each thread has one of so many rows; two with the same wait for one another. */
        private static final int STRIPES = 8;

        private final String version;
        private final List<Histogram> columns;
        private final AtomicLongArray[] cells;
        private final List<Rows> stripes;
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
            this.stripes = Stream.generate(() -> new Rows(columns.size()))
                    .limit(STRIPES)
                    .toList();
        }

        void add(Transaction transaction, Scores scores, boolean byChampion) {
            events.increment();
            Rows rows = stripes.get((int) (Thread.currentThread().getId() % STRIPES));
            synchronized (rows) {
                if (rows.size == Rows.MOST) {
                    count(rows);
                }
                rows.add(scores.vector(), scores.raw(), byChampion);
            }
            merchant.add(transaction.merchant());
            device.add(transaction.device());
            network.add(transaction.network());
            currency.add(transaction.currency());
        }

        /** Moves what waits in rows into the bins, one column after the other. */
        private void count(Rows rows) {
            int score = columns.size() - 1;
            for (int i = 0; i < columns.size(); i++) {
                AtomicLongArray bins = cells[i];
                Histogram column = columns.get(i);
                for (int row = 0; row < rows.size; row++) {
                    double value = rows.value(row, i);
                    if (i < score || rows.byChampion[row]) {
                        bins.getAndIncrement(Double.isNaN(value) ? bins.length() - 1 : column.bin(value));
                    }
                }
            }
            rows.size = 0;
        }

        DriftCounts counts() {
            for (Rows rows : stripes) {
                synchronized (rows) {
                    count(rows);
                }
            }
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
