package io.outrider.core.model;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One tree's leaves as boxes, arranged so that the leaves which hold a row in given inputs are an intersection of bit
 * sets: see {@link CoalitionValues}. Immutable.
 */
final class BoxedTree {

    private final float[][] thresholds; // of each input, ascending
    private final long[][] holding; // of each input: a set of leaves per interval between thresholds, then one for NaN
    private final int words; // in such a set
    private final double[] products; // leaf << inputs | coalition

    private BoxedTree(float[][] thresholds, long[][] holding, int words, double[] products) {
        this.thresholds = thresholds;
        this.holding = holding;
        this.words = words;
        this.products = products;
    }

    /** Arranges one of an ensemble's trees, and shows each of its leaves to the visitor, which must not keep it. */
    static BoxedTree of(TreeEnsemble trees, int tree, Consumer<Leaf> visitor) {
        return new Arranging(trees, trees.root(tree), visitor).arrange();
    }

    /** Space for {@link #add}, of one thread. */
    static final class Scratch {
        private final int[] set;
        private final long[] common;

        Scratch(int inputs) {
            this.set = new int[inputs];
            this.common = new long[1 << inputs];
            common[0] = -1;
        }
    }

    /** Adds the tree's part to the expectations v of all coalitions of two or more inputs. */
    void add(float[] row, double[] v, Scratch scratch) {
        int inputs = thresholds.length;
        int[] set = scratch.set;
        long[] common = scratch.common;
        for (int input = 0; input < inputs; input++) {
            float[] own = thresholds[input];
            set[input] = words * (Float.isNaN(row[input]) ? own.length + 1 : StepFunction.below(own, row[input]));
        }
        for (int word = 0; word < words; word++) {
            for (int coalition = 1; coalition < v.length; coalition++) {
                int input = Integer.numberOfTrailingZeros(coalition);
                int others = coalition & (coalition - 1);
                long leaves = common[others] & holding[input][set[input] + word];
                common[coalition] = leaves;
                if (others != 0) {
                    v[coalition] += sum(leaves, word, coalition);
                }
            }
        }
    }

    private double sum(long leaves, int word, int coalition) {
        int inputs = thresholds.length;
        double sum = 0;
        for (long rest = leaves; rest != 0; rest &= rest - 1) {
            int leaf = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
            sum += products[(leaf << inputs) | coalition];
        }
        return sum;
    }

    /** A leaf's box, and its value as coalitions count it. Changes from leaf to leaf. */
    static final class Leaf {
        private final float[] low;
        private final float[] high;
        private final boolean[] missing;
        private final double[] share;
        private final double[] product;

        private Leaf(int inputs) {
            this.low = new float[inputs];
            this.high = new float[inputs];
            this.missing = new boolean[inputs];
            this.share = new double[inputs];
            this.product = new double[1 << inputs];
            Arrays.fill(low, Float.NEGATIVE_INFINITY);
            Arrays.fill(high, Float.POSITIVE_INFINITY);
            Arrays.fill(missing, true);
            Arrays.fill(share, 1);
        }

        /** The box holds an input's values above this. */
        float low(int input) {
            return low[input];
        }

        /** The box holds an input's values up to this one; none if it is at or below {@link #low}. */
        float high(int input) {
            return high[input];
        }

        /** Whether a missing input leads here. */
        boolean holdsMissing(int input) {
            return missing[input];
        }

        /** The leaf's value, times the shares by which the inputs outside a coalition lead here. */
        double product(int coalition) {
            return product[coalition];
        }

        private void multiply(double value) {
            int all = product.length - 1;
            product[all] = value;
            for (int coalition = all - 1; coalition >= 0; coalition--) {
                int absent = Integer.numberOfTrailingZeros(~coalition);
                product[coalition] = product[coalition | (1 << absent)] * share[absent];
            }
        }
    }

    /** Goes through one tree, leaf by leaf. */
    private static final class Arranging {
        private final TreeEnsemble trees;
        private final int root;
        private final Consumer<Leaf> visitor;
        private final Leaf leaf;
        private final float[][] thresholds;
        private final long[][] holding;
        private final int words;
        private final double[] products;
        private int leaves;

        Arranging(TreeEnsemble trees, int root, Consumer<Leaf> visitor) {
            int inputs = trees.inputs();
            this.trees = trees;
            this.root = root;
            this.visitor = visitor;
            this.leaf = new Leaf(inputs);
            this.thresholds = new float[inputs][0];
            this.holding = new long[inputs][];
            collect(root);
            this.words = (leaves + Long.SIZE - 1) / Long.SIZE;
            this.products = new double[leaves << inputs];
            for (int input = 0; input < inputs; input++) {
                Arrays.sort(thresholds[input]);
                holding[input] = new long[(thresholds[input].length + 2) * words];
            }
        }

        /** Counts the leaves and gathers the thresholds. */
        private void collect(int node) {
            if (trees.isLeaf(node)) {
                leaves++;
                return;
            }
            int input = trees.feature(node);
            float[] known = thresholds[input];
            thresholds[input] = Arrays.copyOf(known, known.length + 1);
            thresholds[input][known.length] = trees.threshold(node);
            collect(trees.left(node));
            collect(trees.left(node) + 1);
        }

        BoxedTree arrange() {
            leaves = 0;
            visit(root);
            return new BoxedTree(thresholds, holding, words, products);
        }

        private void visit(int node) {
            if (trees.isLeaf(node)) {
                enter(trees.value(node));
                return;
            }
            int input = trees.feature(node);
            int left = trees.left(node);
            float threshold = trees.threshold(node);
            float low = leaf.low[input];
            float high = leaf.high[input];
            boolean missing = leaf.missing[input];
            double share = leaf.share[input];
            double total = (double) trees.cover(left) + trees.cover(left + 1);
            leaf.high[input] = Math.min(high, threshold);
            leaf.missing[input] = missing && trees.missingLeft(node);
            leaf.share[input] = share * (trees.cover(left) / total);
            visit(left);
            leaf.high[input] = high;
            leaf.low[input] = Math.max(low, threshold);
            leaf.missing[input] = missing && !trees.missingLeft(node);
            leaf.share[input] = share * (trees.cover(left + 1) / total);
            visit(left + 1);
            leaf.low[input] = low;
            leaf.missing[input] = missing;
            leaf.share[input] = share;
        }

        private void enter(double value) {
            leaf.multiply(value);
            System.arraycopy(leaf.product, 0, products, leaves * leaf.product.length, leaf.product.length);
            int word = leaves / Long.SIZE;
            long bit = 1L << leaves;
            for (int input = 0; input < thresholds.length; input++) {
                float[] own = thresholds[input];
                int last = StepFunction.below(own, leaf.high[input]);
                for (int interval = StepFunction.below(own, Math.nextUp(leaf.low[input]));
                        interval <= last;
                        interval++) {
                    holding[input][interval * words + word] |= bit;
                }
                if (leaf.missing[input]) {
                    holding[input][(own.length + 1) * words + word] |= bit;
                }
            }
            visitor.accept(leaf);
            leaves++;
        }
    }
}
