package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class IsolationForestTest {

    private static final int[] BOTH = {0, 1};

    private static FeatureMatrix cloud(long seed, int rows) {
        SplitMix random = new SplitMix(seed);
        FeatureMatrix data = new FeatureMatrix(2);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int k = 0; k < 6; k++) {
                sum += random.nextDouble();
            }
            data.add(new double[] {sum, random.nextDouble()});
        }
        return data;
    }

    @Test
    void sameSeedGivesTheSameForestAndAnotherSeedAnother() {
        FeatureMatrix data = cloud(1, 2000);
        TreeEnsemble forest = IsolationForest.fit(data, BOTH, ForestSettings.SMALL, 42);
        assertThat(IsolationForest.fit(data, BOTH, ForestSettings.SMALL, 42)).isEqualTo(forest);
        assertThat(IsolationForest.fit(data, BOTH, ForestSettings.SMALL, 43)).isNotEqualTo(forest);
    }

    /** Fails when the bytes change on some machine or JDK; change it only with the algorithm. */
    @Test
    void forestIsTheSameOnEveryMachine() {
        TreeEnsemble forest = IsolationForest.fit(cloud(7, 500), BOTH, new ForestSettings(10, 64), 7);
        assertThat(EnsembleDigest.of(forest))
                .isEqualTo("5159fb64b9179152403c155437509f8bf163a7ede67ab269a1377e81fc789e0f");
    }

    @Test
    void whatStandsApartScoresHighAndTheMiddleLow() {
        TreeEnsemble forest = IsolationForest.fit(cloud(2, 5000), BOTH, ForestSettings.SMALL, 1);
        double far = IsolationForest.score(forest.score(new float[] {30, 5}));
        double middle = IsolationForest.score(forest.score(new float[] {3, 0.5f}));
        assertThat(far).isBetween(0.7, 1.0);
        assertThat(middle).isBetween(0.3, 0.5);
    }

    @Test
    void aMissingValueIsNotAnomalousInItself() {
        TreeEnsemble forest = IsolationForest.fit(cloud(3, 5000), BOTH, ForestSettings.SMALL, 1);
        double missing = forest.score(new float[] {Float.NaN, 0.5f});
        assertThat(missing).isLessThan(forest.score(new float[] {5, 0.5f}));
        assertThat(IsolationForest.score(missing)).isLessThan(0.5);
    }

    @Test
    void growsNoHigherThanTheLimitAndCoversTheWholeSample() {
        TreeEnsemble forest = IsolationForest.fit(cloud(4, 1000), BOTH, new ForestSettings(20, 200), 5);
        for (int tree = 0; tree < forest.trees(); tree++) {
            assertThat(forest.depth(tree)).isLessThanOrEqualTo(8);
            assertThat(forest.cover(forest.root(tree))).isEqualTo(200);
        }
    }

    @Test
    void constantAndEmptyColumnsGiveEveryRowTheSameScore() {
        FeatureMatrix data = new FeatureMatrix(2);
        for (int i = 0; i < 100; i++) {
            data.add(new double[] {5, Double.NaN});
        }
        TreeEnsemble forest = IsolationForest.fit(data, BOTH, ForestSettings.SMALL, 1);
        assertThat(forest.score(new float[] {5, Float.NaN})).isEqualTo(forest.score(new float[] {900, 3}));
    }

    @Test
    void averagePathLengthIsThePapers() {
        assertThat(IsolationForest.averagePathLength(1)).isZero();
        assertThat(IsolationForest.averagePathLength(2)).isEqualTo(1);
        assertThat(IsolationForest.averagePathLength(256)).isEqualTo(10.2448, within(1e-4));
    }
}
