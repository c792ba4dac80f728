package io.outrider.training.fit;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.SplitMix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a stream of rows of unknown length in bounded space, drawn by a hash of each row's place in the log: a row is kept
 * while its hash lies below a bar, and the bar is halved whenever the space is full. Which rows stay depends on the rows alone,
 * not on the order in which they come. Belongs to one thread.
 */
public final class HashedRows {

    private static final Comparator<Row> EVENT_ORDER = Comparator.comparingLong(Row::eventTimeMs)
            .thenComparingInt(Row::partition)
            .thenComparingLong(Row::sequenceNumber);

    private final int most;
    private final long seed;
    private List<Row> rows = new ArrayList<>();
    private double bar = 1;

    /**
     * A kept row.
     *
     * @param fraud its label; null if it has none
     * @param knownAtMs since when that is known, milliseconds since the epoch
     */
    public record Row(
            int partition,
            long sequenceNumber,
            long eventTimeMs,
            @Nullable Boolean fraud,
            long knownAtMs,
            double[] vector) {

        /** Its place in the draw, in [0, 1). */
        double draw(long seed) {
            return HashedRows.draw(seed, partition, sequenceNumber);
        }
    }

    /**
     * Some of the rows kept, in the order of their event time.
     *
     * @param share chance of each row to be among them, in (0, 1]
     */
    public record Sample(List<Row> rows, double share) {

        /** Those of a stretch of event time. */
        public Sample between(long fromMs, long untilMs) {
            return new Sample(
                    rows.stream()
                            .filter(row -> row.eventTimeMs() >= fromMs && row.eventTimeMs() < untilMs)
                            .toList(),
                    share);
        }

        /** Those whose label is known by a time. */
        public Sample knownBy(long timeMs) {
            return new Sample(
                    rows.stream()
                            .filter(row -> row.fraud() != null && row.knownAtMs() <= timeMs)
                            .toList(),
                    share);
        }

        /** Their vectors, which are not copied. */
        public FeatureMatrix matrix(int width) {
            return FeatureMatrix.over(width, rows.stream().map(Row::vector).toList());
        }

        /** How many rows it stands for, about. */
        public long standsFor() {
            return Math.round(rows.size() / share);
        }
    }

    /**
     * Empty.
     *
     * @param most rows kept at most; at least 2
     */
    public HashedRows(int most, long seed) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 rows must be kept: " + most);
        }
        this.most = most;
        this.seed = seed;
    }

    /** A row's place in a draw, in [0, 1). */
    public static double draw(long seed, int partition, long sequenceNumber) {
        long hash = SplitMix.mix(SplitMix.mix(seed + partition) + sequenceNumber);
        return (hash >>> 11) * 0x1.0p-53;
    }

    /** Whether a row would be kept as things stand: spares copying those that would not. */
    public boolean wants(int partition, long sequenceNumber) {
        return draw(seed, partition, sequenceNumber) < bar;
    }

    /** Offers a row. */
    public void add(Row row) {
        if (row.draw(seed) >= bar) {
            return;
        }
        rows.add(row);
        while (rows.size() > most) {
            bar /= 2;
            double now = bar;
            rows = new ArrayList<>(
                    rows.stream().filter(kept -> kept.draw(seed) < now).toList());
        }
    }

    /** What is kept. */
    public Sample sample() {
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(EVENT_ORDER);
        return new Sample(ordered, bar);
    }
}
