package io.outrider.training.fit;

import io.outrider.core.model.FeatureMatrix;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Feature vectors, with event time and label, of a stream of unknown length in bounded space: every row at first, every second one once the bound is
 * reached, then every fourth, and so on. Which rows stay depends on their places alone. Belongs to one thread.
 */
final class ThinnedRows {

    private final int most;
    private FeatureMatrix matrix;
    private long[] times = new long[1024];
    private BitSet labels = new BitSet();
    private long seen;
    private int stride = 1;
    private double offered = 1;

    /**
     * Empty.
     *
     * @param most rows kept at most; at least 2
     */
    ThinnedRows(int width, int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 rows must be kept: " + most);
        }
        this.most = most;
        this.matrix = new FeatureMatrix(width);
    }

    /** Of a sample, all of it, and none more: its vectors are not copied. */
    static ThinnedRows of(int width, HashedRows.Sample sample) {
        int size = sample.rows().size();
        ThinnedRows rows = new ThinnedRows(width, Math.max(2, size));
        rows.matrix = sample.matrix(width);
        rows.times = new long[size];
        for (int i = 0; i < size; i++) {
            rows.times[i] = sample.rows().get(i).eventTimeMs();
            rows.labels.set(i, Boolean.TRUE.equals(sample.rows().get(i).fraud()));
        }
        rows.offered = sample.share();
        rows.seen = sample.standsFor();
        return rows;
    }

    void add(double[] vector, long eventTimeMs, boolean fraud) {
        if (seen++ % stride != 0) {
            return;
        }
        if (matrix.rows() == most) {
            halve();
            if ((seen - 1) % stride != 0) {
                return;
            }
        }
        if (matrix.rows() == times.length) {
            times = Arrays.copyOf(times, times.length * 2);
        }
        times[matrix.rows()] = eventTimeMs;
        labels.set(matrix.rows(), fraud);
        matrix.add(vector);
    }

    private void halve() {
        BitSet kept = new BitSet();
        FeatureMatrix thinner = new FeatureMatrix(matrix.width());
        double[] vector = new double[matrix.width()];
        for (int row = 0; row < matrix.rows(); row += 2) {
            matrix.copyRow(row, vector);
            times[thinner.rows()] = times[row];
            kept.set(thinner.rows(), labels.get(row));
            thinner.add(vector);
        }
        matrix = thinner;
        labels = kept;
        stride *= 2;
    }

    int size() {
        return matrix.rows();
    }

    /** How many rows were offered, or there were where those offered are a sample. */
    long seen() {
        return seen;
    }

    /** Share of the rows that were kept, in (0, 1]. */
    double share() {
        return offered / stride;
    }

    FeatureMatrix matrix() {
        return matrix;
    }

    /** Whether a kept row is fraud. */
    boolean fraud(int row) {
        return labels.get(row);
    }

    /** Event time of a kept row, milliseconds since the epoch. */
    long time(int row) {
        return times[row];
    }

    /** How many kept rows stand before the first that is not older than this, in milliseconds since the epoch. */
    int before(long timeMs) {
        int count = 0;
        while (count < size() && times[count] < timeMs) {
            count++;
        }
        return count;
    }
}
