package io.outrider.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Feature vectors in the order they were added, kept in blocks so that growing never copies. A missing value is NaN.
 * Belongs to one thread while it is filled; afterwards it may be read by several.
 */
public final class FeatureMatrix {

    private static final int BLOCK_ROWS = 4096;

    private final int width;
    private final List<double[]> blocks = new ArrayList<>();
    private int rows;

    /** An empty matrix for vectors of the given length. */
    public FeatureMatrix(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("width must be positive: " + width);
        }
        this.width = width;
    }

    /** Appends a copy of the vector. */
    public void add(double[] vector) {
        if (vector.length != width) {
            throw new IllegalArgumentException("vector of " + vector.length + " values, expected " + width);
        }
        int inBlock = rows % BLOCK_ROWS;
        if (inBlock == 0) {
            blocks.add(new double[BLOCK_ROWS * width]);
        }
        System.arraycopy(vector, 0, blocks.get(rows / BLOCK_ROWS), inBlock * width, width);
        rows++;
    }

    public int rows() {
        return rows;
    }

    public int width() {
        return width;
    }

    public double value(int row, int column) {
        Objects.checkIndex(row, rows);
        return blocks.get(row / BLOCK_ROWS)[(row % BLOCK_ROWS) * width + column];
    }

    /** Copies a row into {@code target}, which is as long as the matrix is wide. */
    public void copyRow(int row, double[] target) {
        Objects.checkIndex(row, rows);
        System.arraycopy(blocks.get(row / BLOCK_ROWS), (row % BLOCK_ROWS) * width, target, 0, width);
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
