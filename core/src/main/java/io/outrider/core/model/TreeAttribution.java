package io.outrider.core.model;

/**
 * Shapley values of a {@link TreeEnsemble}'s inputs for one row: how much each moved the score away from the expected
 * one. Path-dependent TreeSHAP (Lundberg, Erion and Lee, "Consistent Individualized Feature Attribution for Tree
 * Ensembles", 2018): an input that a coalition leaves out is averaged over both children by their covers. The values of
 * all inputs sum to (score - expected).
 *
 * <p>The recursion keeps, for the distinct inputs on the path from the root, the share z of training rows that went the
 * same way at all of the input's splits, and whether the row goes that way too. A leaf counts for a coalition S only if S
 * holds no input by which the row leaves the path; those inputs therefore enter as one common factor, and the others
 * through the polynomial prod(z + t), whose coefficient of t^k sums over the coalitions of size k. A subtree that splits
 * only on inputs by which the row has left already is the same to all coalitions: its mean stands for it, which saves
 * most of the walk. Cost: leaves visited x (distinct inputs on the path) squared. Holds scratch space, so it belongs to
 * one thread.
 */
final class TreeAttribution {

    private final TreeEnsemble trees;
    private final double[] weights; // of a coalition of t among n players, at n * (n + 1) / 2 + t
    private final int[] path; // distinct inputs from the root down
    private final boolean[] onPath;
    private final boolean[] left; // whether the row has left the path by this input
    private final double[] share;
    private final double[] polynomial;
    private int depth;
    private int leftCount;
    private long leftSet;
    private float[] row = {};
    private double[] into = {};

    TreeAttribution(TreeEnsemble trees) {
        this.trees = trees;
        int inputs = trees.inputs();
        int deepest = 0;
        for (int tree = 0; tree < trees.trees(); tree++) {
            deepest = Math.max(deepest, trees.depth(tree));
        }
        int players = Math.min(inputs, deepest);
        this.weights = coalitionWeights(players);
        this.path = new int[players + 1];
        this.onPath = new boolean[inputs];
        this.left = new boolean[inputs];
        this.share = new double[inputs];
        this.polynomial = new double[players + 2];
    }

    /** Adds each input's value to {@code into}, which has one entry per input. */
    void explain(float[] row, double[] into) {
        this.row = row;
        this.into = into;
        for (int tree = 0; tree < trees.trees(); tree++) {
            walk(trees.root(tree), 1);
        }
    }

    /** t! (n - t - 1)! / n! for all n up to the given one and t below n. */
    private static double[] coalitionWeights(int players) {
        double[] weights = new double[(players + 1) * (players + 2) / 2];
        for (int n = 1; n <= players; n++) {
            double weight = 1.0 / n;
            for (int t = 0; t < n; t++) {
                weights[n * (n + 1) / 2 + t] = weight;
                weight = weight * (t + 1) / Math.max(1, n - t - 1);
            }
        }
        return weights;
    }

    /** Visits a node; {@code outside} is the product of the shares of the inputs by which the row has left. */
    private void walk(int node, double outside) {
        if (trees.isLeaf(node) || (trees.inputs() < 64 && (trees.inputsBelow(node) & ~leftSet) == 0)) {
            settle(trees.mean(node) * outside);
            return;
        }
        int input = trees.feature(node);
        int first = trees.left(node);
        int taken = trees.next(node, row);
        int other = taken == first ? first + 1 : first;
        double total = (double) trees.cover(first) + trees.cover(first + 1);
        double takenShare = trees.cover(taken) / total;
        double otherShare = trees.cover(other) / total;
        if (left[input]) {
            walk(taken, outside * takenShare);
            walk(other, outside * otherShare);
            return;
        }
        boolean isNew = !onPath[input];
        double before = isNew ? 1 : share[input];
        if (isNew) {
            onPath[input] = true;
            path[depth++] = input;
        }
        share[input] = before * takenShare;
        walk(taken, outside);
        left[input] = true;
        leftCount++;
        long setBefore = leftSet;
        leftSet |= TreeEnsemble.bit(input);
        walk(other, outside * before * otherShare);
        leftSet = setBefore;
        leftCount--;
        left[input] = false;
        share[input] = before;
        if (isNew) {
            depth--;
            onPath[input] = false;
        }
    }

    /** Shares a leaf's value, already times the outside factor, among the inputs on the path. */
    private void settle(double value) {
        if (depth == 0 || value == 0) {
            return;
        }
        int degree = 0;
        polynomial[0] = 1;
        for (int i = 0; i < depth; i++) {
            int input = path[i];
            if (!left[input]) {
                double z = share[input];
                polynomial[degree + 1] = polynomial[degree];
                for (int k = degree; k > 0; k--) {
                    polynomial[k] = polynomial[k - 1] + z * polynomial[k];
                }
                polynomial[0] *= z;
                degree++;
            }
        }
        int weightsAt = depth * (depth + 1) / 2;
        double leaving = 0;
        if (leftCount > 0) {
            for (int k = 0; k <= degree; k++) {
                leaving += weights[weightsAt + k] * polynomial[k];
            }
        }
        for (int i = 0; i < depth; i++) {
            int input = path[i];
            into[input] += value * (left[input] ? -leaving : staying(share[input], degree, weightsAt));
        }
    }

    /** The part of an input by which the row stays: its factor is divided out of the polynomial, highest power first. */
    private double staying(double z, int degree, int weightsAt) {
        double quotient = 0;
        double sum = 0;
        for (int k = degree; k > 0; k--) {
            quotient = polynomial[k] - z * quotient;
            sum += weights[weightsAt + k - 1] * quotient;
        }
        return sum * (1 - z);
    }
}
