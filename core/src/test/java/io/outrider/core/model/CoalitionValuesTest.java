package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class CoalitionValuesTest {

    @Property(tries = 200)
    void equalTheRecursionOverPaths(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int inputs,
            @ForAll @IntRange(min = 0, max = 9) int depth,
            @ForAll boolean missing) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble trees = RandomTrees.ensemble(random, inputs, 5, depth);
        CoalitionValues values = new CoalitionValues(trees);
        for (int i = 0; i < 5; i++) {
            assertSame(trees, values, RandomTrees.row(random, inputs, missing));
        }
    }

    @Test
    void equalTheRecursionOverPathsOnAGrownForestAndAtItsThresholds() {
        SplitMix random = new SplitMix(3);
        TreeEnsemble trees = forest(random, 4, 512);
        CoalitionValues values = new CoalitionValues(trees);
        for (int i = 0; i < 50; i++) {
            float[] row = RandomTrees.row(random, 4, i % 2 == 0);
            int node = random.nextInt(trees.nodes());
            if (!trees.isLeaf(node)) {
                row[trees.feature(node)] = trees.threshold(node);
            }
            assertSame(trees, values, row);
        }
        assertSame(trees, values, new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -0f, Float.NaN});
    }

    @Test
    void suitForestsOfFewInputs() {
        assertThat(CoalitionValues.suit(forest(new SplitMix(5), 4, 2048))).isTrue();
        assertThat(CoalitionValues.suit(RandomTrees.ensemble(new SplitMix(5), 7, 1, 3)))
                .isFalse();
    }

    private static TreeEnsemble forest(SplitMix random, int inputs, int sampleSize) {
        FeatureMatrix rows = new FeatureMatrix(inputs);
        double[] row = new double[inputs];
        int[] columns = new int[inputs];
        for (int i = 0; i < inputs; i++) {
            columns[i] = i;
        }
        for (int r = 0; r < 5000; r++) {
            for (int i = 0; i < inputs; i++) {
                row[i] = random.nextDouble();
            }
            rows.add(row);
        }
        return IsolationForest.fit(rows, columns, new ForestSettings(20, sampleSize), 1);
    }

    private static void assertSame(TreeEnsemble trees, CoalitionValues values, float[] row) {
        double[] found = new double[trees.inputs()];
        values.explain(row, found);
        double[] expected = new double[trees.inputs()];
        new TreeAttribution(trees).explain(row, expected);
        assertThat(found).containsExactly(expected, within(1e-12));
        double sum = 0;
        for (double part : found) {
            sum += part;
        }
        assertThat(sum).isEqualTo(trees.score(row) - trees.expected(), within(1e-12));
    }
}
