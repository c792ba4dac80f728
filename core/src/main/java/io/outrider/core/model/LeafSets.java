package io.outrider.core.model;

import java.util.Arrays;

/**
 * Scores many rows by an ensemble of small trees, to the bit as a walk down the trees scores each. What an input's value tells about a
 * tree is a set of the leaves that are still possible; the leaf is the one in the sets of all inputs that the tree looks at. So a tree
 * costs a look-up for each of those, with no branch to mispredict, where a walk costs a step for each level of its deepest leaf, each
 * waiting for the one before. After QuickScorer (Lucchese et al., SIGIR 2015), which builds the sets split by split. Immutable.
 */
final class LeafSets {

    /** Most sets of an ensemble: 16 MiB. */
    private static final int MOST_SETS = 1 << 21;

    /** Inputs that are looked up at a time. */
    private static final int TOGETHER = 4;

    private final float[][] thresholds; // of each input, ascending, each once
    private final Tree[] trees;

    /**
     * A tree.
     *
     * @param inputs that it looks at; some twice, so that their number is a multiple of {@link #TOGETHER}
     * @param sets for each of those, the leaves by the value's rank
     * @param values of the leaves, from the left
     */
    private record Tree(int[] inputs, long[][] sets, float[] values) {}

    private LeafSets(float[][] thresholds, Tree[] trees) {
        this.thresholds = thresholds;
        this.trees = trees;
    }

    /** Whether an ensemble's trees have few enough leaves, and it has few enough of them. */
    static boolean fit(TreeEnsemble ensemble) {
        for (int tree = 0; tree < ensemble.trees(); tree++) {
            if (leaves(ensemble, ensemble.root(tree)) > Long.SIZE) {
                return false;
            }
        }
        long sets = 0;
        float[][] thresholds = thresholds(ensemble);
        for (int tree = 0; tree < ensemble.trees(); tree++) {
            boolean[] used = new boolean[thresholds.length];
            mark(ensemble, ensemble.root(tree), used);
            for (int input = 0; input < used.length; input++) {
                sets += used[input] ? ranks(thresholds[input]) : 0;
            }
        }
        return sets <= MOST_SETS && Arrays.stream(thresholds).allMatch(own -> ranks(own) <= Character.MAX_VALUE);
    }

    private static int leaves(TreeEnsemble ensemble, int node) {
        int left = ensemble.left(node);
        return ensemble.isLeaf(node) ? 1 : leaves(ensemble, left) + leaves(ensemble, left + 1);
    }

    private static void mark(TreeEnsemble ensemble, int node, boolean[] used) {
        if (!ensemble.isLeaf(node)) {
            used[ensemble.feature(node)] = true;
            mark(ensemble, ensemble.left(node), used);
            mark(ensemble, ensemble.left(node) + 1, used);
        }
    }

    /** Ranks are how many thresholds lie below a value; the last one is that of a missing value. */
    private static int ranks(float[] thresholds) {
        return thresholds.length + 2;
    }

    private static float[][] thresholds(TreeEnsemble ensemble) {
        int[] splits = new int[ensemble.inputs()];
        for (int node = 0; node < ensemble.nodes(); node++) {
            splits[ensemble.feature(node)] += ensemble.isLeaf(node) ? 0 : 1;
        }
        float[][] thresholds = new float[splits.length][];
        Arrays.setAll(thresholds, input -> new float[splits[input]]);
        for (int node = 0; node < ensemble.nodes(); node++) {
            if (!ensemble.isLeaf(node)) {
                int input = ensemble.feature(node);
                thresholds[input][--splits[input]] = threshold(ensemble, node);
            }
        }
        for (int input = 0; input < splits.length; input++) {
            Arrays.sort(thresholds[input]);
            int distinct = 0;
            for (int i = 0; i < thresholds[input].length; i++) {
                if (i == 0 || thresholds[input][i] != thresholds[input][distinct - 1]) {
                    thresholds[input][distinct++] = thresholds[input][i];
                }
            }
            thresholds[input] = Arrays.copyOf(thresholds[input], distinct);
        }
        return thresholds;
    }

    /** The two zeros are one. */
    private static float threshold(TreeEnsemble ensemble, int node) {
        return ensemble.threshold(node) + 0.0f;
    }

    /** Of an ensemble that {@link #fit}s. */
    static LeafSets of(TreeEnsemble ensemble) {
        float[][] thresholds = thresholds(ensemble);
        Tree[] trees = new Tree[ensemble.trees()];
        for (int tree = 0; tree < trees.length; tree++) {
            trees[tree] = new Arranging(ensemble, ensemble.root(tree), thresholds).arranged();
        }
        return new LeafSets(thresholds, trees);
    }

    /** Adds to each of the first so many rows its leaves' values, tree by tree. */
    void add(float[][] rows, int count, double[] into) {
        char[][] ranks = new char[thresholds.length][];
        for (int input = 0; input < ranks.length; input++) {
            ranks[input] = ranks(rows, count, input);
        }
        long[] leaves = new long[count];
        for (Tree tree : trees) {
            Arrays.fill(leaves, -1);
            for (int from = 0; from < tree.inputs().length; from += TOGETHER) {
                narrow(leaves, tree, from, ranks);
            }
            for (int row = 0; row < count; row++) {
                into[row] += tree.values()[Long.numberOfTrailingZeros(leaves[row])];
            }
        }
    }

    private static void narrow(long[] leaves, Tree tree, int from, char[][] ranks) {
        long[] a = tree.sets()[from];
        long[] b = tree.sets()[from + 1];
        long[] c = tree.sets()[from + 2];
        long[] d = tree.sets()[from + 3];
        char[] rankA = ranks[tree.inputs()[from]];
        char[] rankB = ranks[tree.inputs()[from + 1]];
        char[] rankC = ranks[tree.inputs()[from + 2]];
        char[] rankD = ranks[tree.inputs()[from + 3]];
        for (int row = 0; row < leaves.length; row++) {
            leaves[row] &= a[rankA[row]] & b[rankB[row]] & c[rankC[row]] & d[rankD[row]];
        }
    }

    /** By binary search without a branch. A comparison with NaN is false. */
    private char[] ranks(float[][] rows, int count, int input) {
        float[] own = thresholds[input];
        char[] ranks = new char[count];
        for (int row = 0; row < count; row++) {
            float value = rows[row][input];
            int below = 0;
            int half;
            for (int left = own.length; left > 0; left -= half) {
                half = (left + 1) >>> 1;
                below = own[below + half - 1] < value ? below + half : below;
            }
            ranks[row] = (char) (Float.isNaN(value) ? own.length + 1 : below);
        }
        return ranks;
    }

    /** Goes through one tree, leaf by leaf. */
    private static final class Arranging {
        private final TreeEnsemble ensemble;
        private final int root;
        private final float[][] thresholds;
        private final long[][] sets; // by input; of length 0 until the tree looks at it
        private final float[] values;
        private int leaves;

        Arranging(TreeEnsemble ensemble, int root, float[][] thresholds) {
            this.ensemble = ensemble;
            this.root = root;
            this.thresholds = thresholds;
            this.sets = new long[thresholds.length][0];
            this.values = new float[leaves(ensemble, root)];
        }

        Tree arranged() {
            visit(root);
            int[] inputs = new int[sets.length + TOGETHER];
            int used = 0;
            for (int input = 0; input < sets.length; input++) {
                if (sets[input].length > 0) {
                    inputs[used++] = input;
                }
            }
            if (used == 0) { // a single leaf
                sets[0] = all(0);
                used = 1;
            }
            for (; used % TOGETHER != 0; used++) {
                inputs[used] = inputs[used - 1];
            }
            long[][] own = new long[used][];
            Arrays.setAll(own, i -> sets[inputs[i]]);
            return new Tree(Arrays.copyOf(inputs, used), own, values);
        }

        /** Each split takes the leaves on its other side out of what is possible. */
        private void visit(int node) {
            if (ensemble.isLeaf(node)) {
                values[leaves++] = ensemble.value(node);
                return;
            }
            int first = leaves;
            visit(ensemble.left(node));
            long left = below(leaves) & ~below(first);
            visit(ensemble.left(node) + 1);
            long right = below(leaves) & ~below(first) & ~left;
            int input = ensemble.feature(node);
            if (sets[input].length == 0) {
                sets[input] = all(input);
            }
            long[] own = sets[input];
            int at = Arrays.binarySearch(thresholds[input], threshold(ensemble, node));
            for (int rank = 0; rank < own.length - 1; rank++) {
                own[rank] &= rank <= at ? ~right : ~left;
            }
            own[own.length - 1] &= ensemble.missingLeft(node) ? ~right : ~left;
        }

        private long[] all(int input) {
            long[] all = new long[ranks(thresholds[input])];
            Arrays.fill(all, -1);
            return all;
        }

        /** The set of the first so many leaves. */
        private static long below(int leaves) {
            return leaves == Long.SIZE ? -1 : (1L << leaves) - 1;
        }
    }
}
