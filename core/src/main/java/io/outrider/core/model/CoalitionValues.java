package io.outrider.core.model;

import java.util.Arrays;

/**
 * What a {@link TreeEnsemble} of few inputs is expected to say when only some of them are known: for each coalition of
 * inputs, the path-dependent expectation v(S) of Lundberg, Erion and Lee ("Consistent Individualized Feature Attribution
 * for Tree Ensembles", 2018) and Lundberg et al. ("From Local Explanations to Global Understanding with Explainable AI for
 * Trees", 2020), from which Shapley values follow by their definition. Immutable and shared.
 *
 * <p>A leaf is a box, and v(S) sums, over the leaves whose box holds the row in all inputs of S, the leaf's value times
 * the shares of cover by which the inputs outside S lead to it. Those products do not depend on the row and are kept. Of
 * no input, v is one number; of one input, a {@link StepFunction} of it over the whole ensemble; of more, the leaves are
 * found as an intersection of bit sets, one for each input and interval between its thresholds in a tree (as QuickScorer
 * does; Lucchese et al., SIGIR 2015), so nothing is walked. Cost: the leaves in those intersections, summed over the
 * coalitions.
 *
 * <p>Memory, in bytes: leaves x 2^inputs x 8 for the products, and for each tree (splits + 2 x inputs) x leaves / 8 for
 * the bit sets; at most {@link #MOST_BYTES}.
 */
final class CoalitionValues {

    /** Beyond, there are too many coalitions, and {@link TreeAttribution} is faster. */
    private static final int MOST_INPUTS = 6;

    /** What a model's explanations may cost in memory. */
    private static final long MOST_BYTES = 32L << 20;

    private final TreeEnsemble trees;
    private final StepFunction[] alone;
    private final double[] aloneMissing;
    private final BoxedTree[] boxed;

    CoalitionValues(TreeEnsemble trees) {
        int inputs = trees.inputs();
        this.trees = trees;
        this.aloneMissing = new double[inputs];
        this.boxed = new BoxedTree[trees.trees()];
        this.alone = new StepFunction[inputs];
        StepFunction.Builder[] steps = new StepFunction.Builder[inputs];
        Arrays.setAll(steps, input -> new StepFunction.Builder());
        for (int tree = 0; tree < boxed.length; tree++) {
            boxed[tree] = BoxedTree.of(trees, tree, leaf -> addAlone(leaf, steps));
        }
        for (int input = 0; input < inputs; input++) {
            alone[input] = steps[input].build();
        }
    }

    /** Adds a leaf's part in the expectations of one input. */
    private void addAlone(BoxedTree.Leaf leaf, StepFunction.Builder[] steps) {
        for (int input = 0; input < steps.length; input++) {
            double product = leaf.product(1 << input);
            if (leaf.low(input) < leaf.high(input)) {
                steps[input].raise(leaf.low(input), product);
                steps[input].raise(leaf.high(input), -product);
            }
            if (leaf.holdsMissing(input)) {
                aloneMissing[input] += product;
            }
        }
    }

    /** Whether an ensemble is small enough. */
    static boolean suit(TreeEnsemble trees) {
        int inputs = trees.inputs();
        if (inputs > MOST_INPUTS) {
            return false;
        }
        long bytes = 0;
        for (int tree = 0; tree < trees.trees(); tree++) {
            int end = tree + 1 < trees.trees() ? trees.root(tree + 1) : trees.nodes();
            long leaves = (end - trees.root(tree) + 1L) / 2;
            bytes += leaves * (8L << inputs) + (leaves + 2L * inputs) * (leaves / 8 + 8);
        }
        return bytes <= MOST_BYTES;
    }

    /** Adds each input's Shapley value for the row to {@code into}; together they sum to (score - expected). */
    void explain(float[] row, double[] into) {
        int inputs = trees.inputs();
        double[] v = at(row);
        double[] weights = weights(inputs);
        for (int coalition = 0; coalition < v.length; coalition++) {
            double weight = weights[Integer.bitCount(coalition)];
            for (int input = 0; input < inputs; input++) {
                int with = coalition | (1 << input);
                if (with != coalition) {
                    into[input] += weight * (v[with] - v[coalition]);
                }
            }
        }
    }

    /** The orders of n players in which t given ones come first and then a given one, as a share: t! (n - t - 1)! / n! */
    private static double[] weights(int n) {
        double[] weights = new double[n + 1]; // the last is 0: nobody joins all
        double weight = 1.0 / n;
        for (int t = 0; t < n; t++) {
            weights[t] = weight;
            weight = weight * (t + 1) / Math.max(1, n - t - 1);
        }
        return weights;
    }

    /** v of all coalitions without the base: bit i of the index says whether input i is known. */
    private double[] at(float[] row) {
        int inputs = alone.length;
        double[] v = new double[1 << inputs];
        BoxedTree.Scratch scratch = new BoxedTree.Scratch(inputs);
        for (BoxedTree tree : boxed) {
            tree.add(row, v, scratch);
        }
        v[0] = trees.expected() - trees.base();
        for (int input = 0; input < inputs; input++) {
            float x = row[input];
            v[1 << input] = Float.isNaN(x) ? aloneMissing[input] : alone[input].at(x);
        }
        return v;
    }
}
