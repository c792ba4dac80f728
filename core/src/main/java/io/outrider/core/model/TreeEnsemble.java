package io.outrider.core.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decision trees whose leaf values add up, in flat primitive arrays. Immutable and shared between threads.
 *
 * <p>A node sends a row to the left if its input is at or below the threshold, else to the right; a missing input (NaN)
 * goes where the node's {@code missingLeft} says. Inputs, thresholds and leaf values are 32-bit floats, as ONNX has
 * them, so that another runtime scores the same file alike; sums are 64-bit.
 *
 * <p>The nodes of a tree lie breadth first, siblings side by side, so one offset names both children. What a walk needs of
 * a node is packed into one long, so that a step touches one cache line: threshold (32 bits), distance to the left child
 * (20), whether a missing input goes right (1), input (11). A leaf is its own left child under an infinite threshold: a
 * walk of as many steps as the tree is deep ends at the leaf whatever its depth, without a branch to mispredict, and four
 * trees are walked at a time so that their loads overlap.
 */
public final class TreeEnsemble {

    /** Most inputs that an ensemble may have. */
    static final int MOST_INPUTS = 1 << 11;

    /** Most nodes that a tree may have. */
    static final int MOST_NODES = 1 << 20;

    private static final int INPUT_MASK = MOST_INPUTS - 1;
    private static final int MISSING_SHIFT = 11;
    private static final int CHILD_SHIFT = 12;

    private final int inputs;
    private final double base;
    private final int[] roots;
    private final int[] depths;
    private final long[] packed;
    private final float[] value;
    private final float[] cover;
    private final double expected;
    private final double[] mean;
    private final long[] below;

    /** Found out once it is needed, by whoever needs it first; found out twice, it is the same. */
    private volatile @Nullable ManyRows many;

    /** Adds what the trees give to each of the first so many rows. */
    private interface ManyRows {
        void add(float[][] rows, int count, double[] into);
    }

    TreeEnsemble(int inputs, double base, int[] roots, Nodes nodes) {
        this.inputs = inputs;
        this.base = base;
        this.roots = roots;
        this.packed = nodes.packed();
        this.value = nodes.value();
        this.cover = nodes.cover();
        this.depths = new int[roots.length];
        this.mean = new double[packed.length];
        this.below = new long[packed.length];
        double sum = base;
        for (int tree = 0; tree < roots.length; tree++) {
            depths[tree] = depthBelow(roots[tree]);
            summarise(roots[tree]);
            sum += mean[roots[tree]];
        }
        this.expected = sum;
    }

    /** The arrays, one entry per node; {@code packed} as {@link #pack} makes it. */
    record Nodes(long[] packed, float[] value, float[] cover) {}

    /** A node as it is stored; {@code child} is the distance to the left child, 0 for a leaf. */
    static long pack(int input, float threshold, boolean missingLeft, int child) {
        int low = child << CHILD_SHIFT | (missingLeft ? 0 : 1) << MISSING_SHIFT | input;
        return (long) Float.floatToIntBits(threshold) << 32 | (low & 0xFFFF_FFFFL);
    }

    /** The sum over all trees for one row of inputs, plus the base. Reads the first {@link #inputs()} values. */
    public double score(float[] row) {
        double sum = base;
        int tree = 0;
        for (; tree + 4 <= roots.length; tree += 4) {
            int a = roots[tree];
            int b = roots[tree + 1];
            int c = roots[tree + 2];
            int d = roots[tree + 3];
            int steps =
                    Math.max(Math.max(depths[tree], depths[tree + 1]), Math.max(depths[tree + 2], depths[tree + 3]));
            for (int step = 0; step < steps; step++) {
                a += step(packed[a], row);
                b += step(packed[b], row);
                c += step(packed[c], row);
                d += step(packed[d], row);
            }
            sum += value[a];
            sum += value[b];
            sum += value[c];
            sum += value[d];
        }
        for (; tree < roots.length; tree++) {
            int node = roots[tree];
            for (int step = 0; step < depths[tree]; step++) {
                node += step(packed[node], row);
            }
            sum += value[node];
        }
        return sum;
    }

    /** The same for each of the first so many rows, to the bit: a row's trees are added in the same order. */
    void score(float[][] rows, int count, double[] into) {
        ManyRows scoring = many;
        if (scoring == null) {
            scoring = LeafSets.fit(this) ? LeafSets.of(this)::add : this::walk;
            many = scoring;
        }
        Arrays.fill(into, 0, count, base);
        scoring.add(rows, count, into);
    }

    /** Each tree is walked for all rows while it is in the cache, four of them at a time. */
    private void walk(float[][] rows, int count, double[] into) {
        for (int tree = 0; tree < roots.length; tree++) {
            int root = roots[tree];
            int steps = depths[tree];
            int row = 0;
            for (; row + 4 <= count; row += 4) {
                float[] rowA = rows[row];
                float[] rowB = rows[row + 1];
                float[] rowC = rows[row + 2];
                float[] rowD = rows[row + 3];
                int a = root;
                int b = root;
                int c = root;
                int d = root;
                for (int step = 0; step < steps; step++) {
                    a += step(packed[a], rowA);
                    b += step(packed[b], rowB);
                    c += step(packed[c], rowC);
                    d += step(packed[d], rowD);
                }
                into[row] += value[a];
                into[row + 1] += value[b];
                into[row + 2] += value[c];
                into[row + 3] += value[d];
            }
            for (; row < count; row++) {
                int node = root;
                for (int step = 0; step < steps; step++) {
                    node += step(packed[node], rows[row]);
                }
                into[row] += value[node];
            }
        }
    }

    /** How far on the child lies that the row takes; 0 at a leaf. A comparison with NaN is false. */
    private static int step(long node, float[] row) {
        int low = (int) node;
        float input = row[low & INPUT_MASK];
        int right = input > Float.intBitsToFloat((int) (node >>> 32)) ? 1 : 0;
        int missing = Float.isNaN(input) ? low >>> MISSING_SHIFT & 1 : 0;
        return (low >>> CHILD_SHIFT) + (right | missing);
    }

    /** The child that the row takes. */
    int next(int node, float[] row) {
        return node + step(packed[node], row);
    }

    /** How many inputs a row has. */
    public int inputs() {
        return inputs;
    }

    public int trees() {
        return roots.length;
    }

    /** Nodes of all trees, leaves included. */
    public int nodes() {
        return packed.length;
    }

    /** What is added to the sum of the trees. */
    public double base() {
        return base;
    }

    /** The mean score over the rows that the trees were grown from, as their covers tell it. */
    public double expected() {
        return expected;
    }

    public int root(int tree) {
        return roots[tree];
    }

    /** Splits between the root and the deepest leaf. */
    public int depth(int tree) {
        return depths[tree];
    }

    public boolean isLeaf(int node) {
        return (int) packed[node] >>> CHILD_SHIFT == 0;
    }

    /** Left child; the right one is the next node. Undefined for a leaf. */
    public int left(int node) {
        return node + ((int) packed[node] >>> CHILD_SHIFT);
    }

    /** Which input a split looks at. */
    public int feature(int node) {
        return (int) packed[node] & INPUT_MASK;
    }

    public float threshold(int node) {
        return Float.intBitsToFloat((int) (packed[node] >>> 32));
    }

    /** Whether a missing input goes left at this split. */
    public boolean missingLeft(int node) {
        return ((int) packed[node] >>> MISSING_SHIFT & 1) == 0;
    }

    /** A leaf's value; 0 for a split. */
    public float value(int node) {
        return value[node];
    }

    /** How many training rows (or how much weight) reached the node; positive. */
    public float cover(int node) {
        return cover[node];
    }

    private int depthBelow(int node) {
        return isLeaf(node) ? 0 : 1 + Math.max(depthBelow(left(node)), depthBelow(left(node) + 1));
    }

    /** Fills in mean and features of the subtree under a node. */
    private void summarise(int node) {
        if (isLeaf(node)) {
            mean[node] = value[node];
            return;
        }
        int l = left(node);
        summarise(l);
        summarise(l + 1);
        double total = (double) cover[l] + cover[l + 1];
        mean[node] = cover[l] / total * mean[l] + cover[l + 1] / total * mean[l + 1];
        below[node] = bit(feature(node)) | below[l] | below[l + 1];
    }

    /** The mean leaf value under a node, by cover. */
    double mean(int node) {
        return mean[node];
    }

    /** Which inputs the splits at and under a node look at, as a set of {@link #bit}s. */
    long inputsBelow(int node) {
        return below[node];
    }

    /** The bit of an input in a set; inputs past the 63rd share the last one. */
    static long bit(int input) {
        return 1L << Math.min(input, 63);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeEnsemble that
                && inputs == that.inputs
                && Double.compare(base, that.base) == 0
                && Arrays.equals(roots, that.roots)
                && Arrays.equals(packed, that.packed)
                && Arrays.equals(value, that.value)
                && Arrays.equals(cover, that.cover);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inputs, base, Arrays.hashCode(packed), Arrays.hashCode(value));
    }
}
