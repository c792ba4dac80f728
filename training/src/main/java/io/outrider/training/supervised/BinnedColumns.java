package io.outrider.training.supervised;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.pace.Pace;
import java.util.Arrays;

/**
 * Columns of a matrix cut into at most 255 bins of about equally many rows, plus one for missing values; a byte per
 * value. Values are compared as 32-bit floats, as the ensemble compares them. Immutable.
 */
final class BinnedColumns {

    /** Bins of a column, the one of missing values included. */
    static final int BINS = 256;

    /** Where missing values (NaN) stand. */
    static final int MISSING = 255;

    private final int rows;
    private final float[][] cuts;
    private final byte[][] bins;

    private BinnedColumns(int rows, float[][] cuts, byte[][] bins) {
        this.rows = rows;
        this.cuts = cuts;
        this.bins = bins;
    }

    static BinnedColumns of(FeatureMatrix data, int[] columns, Pace pace) {
        float[][] cuts = new float[columns.length][];
        byte[][] bins = new byte[columns.length][data.rows()];
        float[] values = new float[data.rows()];
        for (int c = 0; c < columns.length; c++) {
            for (int row = 0; row < values.length; row++) {
                values[row] = (float) data.value(row, columns[c]);
            }
            cuts[c] = cuts(values);
            for (int row = 0; row < values.length; row++) {
                bins[c][row] = (byte) bin(cuts[c], values[row]);
            }
            pace.step();
        }
        return new BinnedColumns(data.rows(), cuts, bins);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return cuts.length;
    }

    /** The column's bins, as unsigned bytes by row. */
    byte[] column(int column) {
        return bins[column];
    }

    /** How many cuts part the column; bin {@code b} below it holds what is at or below cut {@code b}. */
    int cuts(int column) {
        return cuts[column].length;
    }

    float cut(int column, int bin) {
        return cuts[column][bin];
    }

    private static int bin(float[] cuts, float value) {
        if (Float.isNaN(value)) {
            return MISSING;
        }
        int at = Arrays.binarySearch(cuts, value);
        return at >= 0 ? at : -at - 1;
    }

    /** Ascending finite cuts, each between two values that occur. */
    private static float[] cuts(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted); // NaN last
        int present = sorted.length;
        while (present > 0 && Float.isNaN(sorted[present - 1])) {
            present--;
        }
        int most = BINS - 2;
        float[] cuts = new float[most];
        int count = 0;
        double step = Math.max(1, present / (double) (most + 1));
        double due = step;
        for (int i = 1; i < present && count < most; i++) {
            if (i >= due && sorted[i] > sorted[i - 1]) {
                cuts[count++] = between(sorted[i - 1], sorted[i]);
                due = Math.max(due, i) + step;
            }
        }
        return Arrays.copyOf(cuts, count);
    }

    private static float between(float low, float high) {
        float middle = (float) (((double) low + high) / 2);
        return middle < high && Float.isFinite(middle) ? middle : low;
    }
}
