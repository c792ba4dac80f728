package io.outrider.training.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.pace.Pace;
import io.outrider.training.evaluation.Ranking;
import org.junit.jupiter.api.Test;

class GradientBoostingTest {

    private static final BoostingSettings SETTINGS = new BoostingSettings(80, 0.1, 8, 5, 0.7, 1, 1);
    private static final int[] BOTH = {0, 1};

    /** Rows of two columns; the chance of a positive is 0.9 where exactly one is above 0.5, else 0.1. */
    private static final class Exclusive {
        final FeatureMatrix rows = new FeatureMatrix(2);
        final boolean[] labels;

        Exclusive(int count, long seed) {
            SplitMix random = new SplitMix(seed);
            labels = new boolean[count];
            for (int i = 0; i < count; i++) {
                double x = random.nextDouble();
                double y = random.nextDouble();
                rows.add(new double[] {x, y});
                labels[i] = random.nextDouble() < ((x > 0.5) != (y > 0.5) ? 0.9 : 0.1);
            }
        }
    }

    private static double[] scores(TreeEnsemble trees, FeatureMatrix rows) {
        double[] scores = new double[rows.rows()];
        float[] inputs = new float[trees.inputs()];
        for (int row = 0; row < scores.length; row++) {
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = (float) rows.value(row, i);
            }
            scores[row] = trees.score(inputs);
        }
        return scores;
    }

    private static double probability(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }

    @Test
    void learnsWhatNoSingleColumnTells() {
        Exclusive train = new Exclusive(4000, 1);
        Exclusive test = new Exclusive(4000, 2);
        TreeEnsemble trees =
                GradientBoosting.fit(train.rows, BOTH, new Labels(train.labels, 1), SETTINGS, 7, Pace.FULL);
        assertThat(Ranking.of(scores(trees, test.rows), test.labels).auc()).isBetween(0.86, 0.92); // the best is 0.9
        assertThat(probability(trees.score(new float[] {0.2f, 0.8f}))).isCloseTo(0.9, within(0.06));
        assertThat(probability(trees.score(new float[] {0.2f, 0.2f}))).isCloseTo(0.1, within(0.06));
    }

    @Test
    void correctsProbabilitiesForLeftOutNegatives() {
        Exclusive all = new Exclusive(40_000, 3);
        FeatureMatrix kept = new FeatureMatrix(2);
        boolean[] labels = new boolean[40_000];
        double[] vector = new double[2];
        int negatives = 0;
        for (int row = 0; row < 40_000; row++) {
            if (all.labels[row] || negatives++ % 10 == 0) {
                labels[kept.rows()] = all.labels[row];
                all.rows.copyRow(row, vector);
                kept.add(vector);
            }
        }
        boolean[] keptLabels = java.util.Arrays.copyOf(labels, kept.rows());
        TreeEnsemble trees = GradientBoosting.fit(kept, BOTH, new Labels(keptLabels, 0.1), SETTINGS, 7, Pace.FULL);
        double mean = 0;
        for (double score : scores(trees, all.rows)) {
            mean += probability(score) / 40_000;
        }
        assertThat(mean).isCloseTo(0.5, within(0.02));
        assertThat(probability(trees.score(new float[] {0.2f, 0.2f}))).isCloseTo(0.1, within(0.04));
    }

    @Test
    void sendsMissingValuesWhereTheyBelong() {
        FeatureMatrix rows = new FeatureMatrix(1);
        boolean[] labels = new boolean[1000];
        for (int i = 0; i < 1000; i++) {
            boolean missing = i % 4 == 0;
            rows.add(new double[] {missing ? Double.NaN : i});
            labels[i] = missing || i > 900;
        }
        TreeEnsemble trees = GradientBoosting.fit(rows, new int[] {0}, new Labels(labels, 1), SETTINGS, 7, Pace.FULL);
        assertThat(probability(trees.score(new float[] {Float.NaN}))).isGreaterThan(0.9);
        assertThat(probability(trees.score(new float[] {500}))).isLessThan(0.1);
        assertThat(probability(trees.score(new float[] {950}))).isGreaterThan(0.9);
    }

    @Test
    void growsTheSameTreesFromTheSameSeedAndOthersFromAnother() {
        Exclusive data = new Exclusive(1000, 4);
        Labels labels = new Labels(data.labels, 1);
        TreeEnsemble first = GradientBoosting.fit(data.rows, BOTH, labels, SETTINGS, 11, Pace.FULL);
        assertThat(GradientBoosting.fit(data.rows, BOTH, labels, SETTINGS, 11, Pace.FULL))
                .isEqualTo(first);
        assertThat(GradientBoosting.fit(data.rows, BOTH, labels, SETTINGS, 12, Pace.FULL))
                .isNotEqualTo(first);
    }

    @Test
    void keepsToTheSettings() {
        Exclusive data = new Exclusive(1000, 5);
        BoostingSettings small = new BoostingSettings(10, 0.1, 4, 60, 1, 1, 1);
        TreeEnsemble trees = GradientBoosting.fit(data.rows, BOTH, new Labels(data.labels, 1), small, 1, Pace.FULL);
        assertThat(trees.trees()).isEqualTo(10);
        assertThat(trees.nodes()).isLessThanOrEqualTo(10 * 7);
        for (int node = 0; node < trees.nodes(); node++) {
            assertThat(trees.cover(node)).isGreaterThanOrEqualTo(60);
        }
    }

    @Test
    void refusesLabelsOfOneKind() {
        Exclusive data = new Exclusive(10, 6);
        assertThatThrownBy(() ->
                        GradientBoosting.fit(data.rows, BOTH, new Labels(new boolean[10], 1), SETTINGS, 1, Pace.FULL))
                .hasMessageContaining("both classes");
    }
}
