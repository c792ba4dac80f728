package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class TreeAttributionTest {

    private static final int INPUTS = 5;

    @Property(tries = 100)
    void equalsTheShapleyValuesByDefinition(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int depth, @ForAll boolean missing) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble trees = RandomTrees.ensemble(random, INPUTS, 5, depth);
        float[] row = RandomTrees.row(random, INPUTS, missing);
        double[] found = new double[INPUTS];
        new TreeAttribution(trees).explain(row, found);
        assertThat(found).containsExactly(byDefinition(trees, row), within(1e-12));
    }

    @Property(tries = 20)
    void sumsToScoreMinusExpectedOnDeepTrees(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble trees = RandomTrees.ensemble(random, 70, 4, 13);
        float[] row = RandomTrees.row(random, 70, true);
        double[] found = new double[70];
        new TreeAttribution(trees).explain(row, found);
        double sum = 0;
        for (double part : found) {
            sum += part;
        }
        assertThat(sum).isEqualTo(trees.score(row) - trees.expected(), within(1e-9));
    }

    /** Over all coalitions, what each input adds, weighted as Shapley has it. */
    private static double[] byDefinition(TreeEnsemble trees, float[] row) {
        double[] value = new double[1 << INPUTS];
        for (int coalition = 0; coalition < value.length; coalition++) {
            for (int tree = 0; tree < trees.trees(); tree++) {
                value[coalition] += conditional(trees, trees.root(tree), row, coalition);
            }
        }
        double[] shapley = new double[INPUTS];
        for (int input = 0; input < INPUTS; input++) {
            for (int coalition = 0; coalition < value.length; coalition++) {
                if ((coalition & (1 << input)) == 0) {
                    int size = Integer.bitCount(coalition);
                    double weight = factorial(size) * factorial(INPUTS - size - 1) / factorial(INPUTS);
                    shapley[input] += weight * (value[coalition | (1 << input)] - value[coalition]);
                }
            }
        }
        return shapley;
    }

    private static double conditional(TreeEnsemble trees, int node, float[] row, int coalition) {
        if (trees.isLeaf(node)) {
            return trees.value(node);
        }
        if ((coalition & (1 << trees.feature(node))) != 0) {
            return conditional(trees, trees.next(node, row), row, coalition);
        }
        int left = trees.left(node);
        double total = (double) trees.cover(left) + trees.cover(left + 1);
        return trees.cover(left) / total * conditional(trees, left, row, coalition)
                + trees.cover(left + 1) / total * conditional(trees, left + 1, row, coalition);
    }

    private static double factorial(int n) {
        return n <= 1 ? 1 : n * factorial(n - 1);
    }
}
