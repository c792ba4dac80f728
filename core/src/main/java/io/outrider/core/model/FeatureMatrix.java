package io.outrider.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Feature vectors in the order they were added, kept in blocks so that growing never copies. A missing value is NaN.
 * Belongs to one thread while it is filled; afterwards it may be read by several.
 */
public final class FeatureMatrix {

    private static final int BLOCK_SHIFT = 12;

    private final int width;
    private final List<double[]> blocks;
    private final int shift; // rows of a block, as a power of two
    private final int first; // where this matrix begins in the blocks
    private final boolean shared;
    private int rows;

    /** An empty matrix for vectors of the given length. */
    public FeatureMatrix(int width) {
        this(width, new ArrayList<>(), BLOCK_SHIFT, 0, 0, false);
    }

    private FeatureMatrix(int width, List<double[]> blocks, int shift, int first, int rows, boolean shared) {
        if (width < 1) {
            throw new IllegalArgumentException("width must be positive: " + width);
        }
        this.width = width;
        this.blocks = blocks;
        this.shift = shift;
        this.first = first;
        this.rows = rows;
        this.shared = shared;
    }

    /** The vectors themselves, without a copy of them; none can be added. */
    public static FeatureMatrix over(int width, List<double[]> vectors) {
        vectors.forEach(vector -> requireWidth(width, vector));
        return new FeatureMatrix(width, List.copyOf(vectors), 0, 0, vectors.size(), true);
    }

    /**
     * Some rows of this one, without a copy of them; this one may no more be added to, and none can be added to those.
     *
     * @param from the first
     * @param to behind the last
     */
    public FeatureMatrix slice(int from, int to) {
        Objects.checkFromToIndex(from, to, rows);
        return new FeatureMatrix(width, blocks, shift, first + from, to - from, true);
    }

    /** Appends a copy of the vector. */
    public void add(double[] vector) {
        if (shared) {
            throw new UnsupportedOperationException("these rows are another's, too");
        }
        requireWidth(width, vector);
        int place = place(rows);
        if (place == 0) {
            blocks.add(new double[width << shift]);
        }
        System.arraycopy(vector, 0, block(rows), place, width);
        rows++;
    }

    private static void requireWidth(int width, double[] vector) {
        if (vector.length != width) {
            throw new IllegalArgumentException("vector of " + vector.length + " values, expected " + width);
        }
    }

    private double[] block(int row) {
        return blocks.get((first + row) >> shift);
    }

    /** Where a row begins in its block. */
    private int place(int row) {
        return ((first + row) & ((1 << shift) - 1)) * width;
    }

    public int rows() {
        return rows;
    }

    public int width() {
        return width;
    }

    public double value(int row, int column) {
        Objects.checkIndex(row, rows);
        return block(row)[place(row) + column];
    }

    /** Copies a row into {@code target}, which is as long as the matrix is wide. */
    public void copyRow(int row, double[] target) {
        Objects.checkIndex(row, rows);
        System.arraycopy(block(row), place(row), target, 0, width);
    }

    /** A copy of one column. */
    public double[] column(int column) {
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = value(row, column);
        }
        return values;
    }
}
