package io.outrider.training.supervised;

import io.outrider.core.model.TreeEnsembleBuilder;
import io.outrider.core.pace.Pace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Grows one regression tree on gradients and hessians, best leaf first, over histograms of binned columns: the larger
 * child's histogram is the parent's less the smaller one's (Ke et al., "LightGBM", NeurIPS 2017). Missing values go to
 * the side where the loss falls more. Belongs to one thread; one instance grows one tree after the other.
 */
final class TreeGrower {

    private static final double MIN_GAIN = 1e-9;

    private final BinnedColumns data;
    private final BoostingSettings settings;
    private final double[] gradient;
    private final double[] hessian;
    private final int[] rows;
    private final int[] spill;
    private final Pace pace;

    /** Gradients and hessians are by row and may change between trees. */
    TreeGrower(BinnedColumns data, BoostingSettings settings, double[] gradient, double[] hessian, Pace pace) {
        this.data = data;
        this.settings = settings;
        this.gradient = gradient;
        this.hessian = hessian;
        this.rows = new int[data.rows()];
        this.spill = new int[data.rows()];
        this.pace = pace;
    }

    /** A node: a leaf until it is split. Holds {@code rows[from..to)}. */
    private static final class Node {
        final int from;
        final int to;
        double gradientSum;
        double hessianSum;
        double @Nullable [] histogram;

        @Nullable
        Split split;

        @Nullable
        Node left;

        @Nullable
        Node right;

        Node(int from, int to) {
            this.from = from;
            this.to = to;
        }

        int count() {
            return to - from;
        }
    }

    /** At or below the bin goes left. */
    private record Split(double gain, int column, int bin, boolean missingLeft) {}

    /** A grown tree, to be applied to binned rows and to be written down. */
    final class Tree {
        private final Node root;

        private Tree(Node root) {
            this.root = root;
        }

        /** Adds the tree's step to every row's sum. */
        void addTo(double[] sums) {
            for (int row = 0; row < sums.length; row++) {
                Node node = root;
                Split split = node.split;
                while (split != null && node.left != null && node.right != null) {
                    node = goesLeft(split, row) ? node.left : node.right;
                    split = node.split;
                }
                sums[row] += value(node);
            }
        }

        void writeTo(TreeEnsembleBuilder builder) {
            builder.endTree(write(root, builder));
        }

        private int write(Node node, TreeEnsembleBuilder builder) {
            Split split = node.split;
            if (split == null || node.left == null || node.right == null) {
                return builder.leaf(value(node), node.count());
            }
            int left = write(node.left, builder);
            int right = write(node.right, builder);
            return builder.split(split.column, data.cut(split.column, split.bin), split.missingLeft, left, right);
        }
    }

    /** Grows a tree on the first {@code count} of the sampled rows and the given columns. */
    Tree grow(int[] sampled, int count, int[] columns) {
        System.arraycopy(sampled, 0, rows, 0, count);
        Node root = new Node(0, count);
        Node[] open = new Node[settings.leaves()];
        int leaves = 1;
        open[0] = root;
        fillHistogram(root, columns);
        root.split = bestSplit(root, columns);
        while (leaves < settings.leaves()) {
            int best = -1;
            double bestGain = MIN_GAIN;
            for (int i = 0; i < leaves; i++) {
                Split split = open[i].split;
                if (split != null && split.gain > bestGain) {
                    best = i;
                    bestGain = split.gain;
                }
            }
            if (best < 0) {
                break;
            }
            Node node = open[best];
            Node left = divide(node, columns);
            open[best] = left;
            open[leaves++] = Objects.requireNonNull(node.right);
        }
        for (int i = 0; i < leaves; i++) {
            open[i].split = null;
            open[i].histogram = null;
        }
        return new Tree(root);
    }

    /** Divides the node by its split and gives its left child. */
    private Node divide(Node node, int[] columns) {
        Split split = Objects.requireNonNull(node.split);
        int middle = node.from;
        int above = 0;
        for (int i = node.from; i < node.to; i++) {
            if (goesLeft(split, rows[i])) {
                rows[middle++] = rows[i];
            } else {
                spill[above++] = rows[i];
            }
        }
        System.arraycopy(spill, 0, rows, middle, above);
        Node left = new Node(node.from, middle);
        Node right = new Node(middle, node.to);
        Node smaller = left.count() <= right.count() ? left : right;
        Node larger = smaller == left ? right : left;
        fillHistogram(smaller, columns);
        subtract(node, smaller, larger);
        left.split = bestSplit(left, columns);
        right.split = bestSplit(right, columns);
        node.left = left;
        node.right = right;
        return left;
    }

    private boolean goesLeft(Split split, int row) {
        int bin = data.column(split.column)[row] & 0xFF;
        return bin == BinnedColumns.MISSING ? split.missingLeft : bin <= split.bin;
    }

    /** Three sums per bin: gradient, hessian, rows. */
    private void fillHistogram(Node node, int[] columns) {
        double[] histogram = new double[columns.length * BinnedColumns.BINS * 3];
        for (int c = 0; c < columns.length; c++) {
            byte[] bins = data.column(columns[c]);
            int base = c * BinnedColumns.BINS;
            for (int i = node.from; i < node.to; i++) {
                int row = rows[i];
                int at = (base + (bins[row] & 0xFF)) * 3;
                histogram[at] += gradient[row];
                histogram[at + 1] += hessian[row];
                histogram[at + 2]++;
            }
            pace.step();
        }
        for (int i = node.from; i < node.to; i++) {
            node.gradientSum += gradient[rows[i]];
            node.hessianSum += hessian[rows[i]];
        }
        node.histogram = histogram;
    }

    /** Makes the parent's histogram the larger child's. */
    private static void subtract(Node parent, Node smaller, Node larger) {
        double[] histogram = Objects.requireNonNull(parent.histogram);
        double[] less = Objects.requireNonNull(smaller.histogram);
        for (int i = 0; i < histogram.length; i++) {
            histogram[i] -= less[i];
        }
        larger.histogram = histogram;
        larger.gradientSum = parent.gradientSum - smaller.gradientSum;
        larger.hessianSum = parent.hessianSum - smaller.hessianSum;
        parent.histogram = null;
    }

    private @Nullable Split bestSplit(Node node, int[] columns) {
        if (node.count() < 2 * settings.minRows()) {
            return null;
        }
        Split best = null;
        for (int c = 0; c < columns.length; c++) {
            Split split = bestSplit(node, columns[c], c * BinnedColumns.BINS);
            if (split != null && (best == null || split.gain > best.gain)) {
                best = split;
            }
        }
        return best;
    }

    private @Nullable Split bestSplit(Node node, int column, int base) {
        double[] histogram = Objects.requireNonNull(node.histogram);
        int missing = (base + BinnedColumns.MISSING) * 3;
        double missingRows = histogram[missing + 2];
        double whole = quality(node.gradientSum, node.hessianSum);
        Split best = null;
        double bestGain = MIN_GAIN;
        double g = 0;
        double h = 0;
        double count = 0;
        for (int bin = 0; bin < data.cuts(column); bin++) {
            int at = (base + bin) * 3;
            g += histogram[at];
            h += histogram[at + 1];
            count += histogram[at + 2];
            for (int side = 0; side < (missingRows > 0 ? 2 : 1); side++) {
                double leftG = g + side * histogram[missing];
                double leftH = h + side * histogram[missing + 1];
                double leftRows = count + side * missingRows;
                if (leftRows < settings.minRows() || node.count() - leftRows < settings.minRows()) {
                    continue;
                }
                double gain =
                        quality(leftG, leftH) + quality(node.gradientSum - leftG, node.hessianSum - leftH) - whole;
                if (gain > bestGain) {
                    bestGain = gain;
                    best = new Split(gain, column, bin, side == 1);
                }
            }
        }
        return best;
    }

    private double quality(double g, double h) {
        return g * g / (h + settings.l2() + 1e-12);
    }

    private float value(Node leaf) {
        return (float) (-settings.learningRate() * leaf.gradientSum / (leaf.hessianSum + settings.l2() + 1e-12));
    }
}
