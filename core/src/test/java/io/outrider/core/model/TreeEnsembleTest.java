package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class TreeEnsembleTest {

    @Property(tries = 200)
    void interleavedScoreEqualsAPlainWalk(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 11) int trees, @ForAll boolean missing) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble ensemble = RandomTrees.ensemble(random, 5, trees, 7);
        for (int i = 0; i < 20; i++) {
            float[] row = RandomTrees.row(random, 5, missing);
            assertThat(ensemble.score(row)).isEqualTo(RandomTrees.walk(ensemble, row));
        }
    }

    @Property(tries = 200)
    void rowsThatAreScoredTogetherScoreWhatEachScoresAlone(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 11) int count, @ForAll boolean missing) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble ensemble = RandomTrees.ensemble(random, 5, 1 + random.nextInt(9), 7);
        float[][] rows = new float[11][];
        Arrays.setAll(rows, i -> RandomTrees.row(random, 5, missing));
        double[] scores = new double[11];
        Arrays.fill(scores, -1);
        ensemble.score(rows, count, scores);
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isEqualTo(i < count ? ensemble.score(rows[i]) : -1);
        }
    }

    @Test
    void anyValueComparesWithAnyThresholdTogetherAsAlone() {
        float[] values = {
            -Float.MAX_VALUE,
            -1,
            -Float.MIN_VALUE,
            -0f,
            0f,
            Float.MIN_VALUE,
            1,
            Math.nextUp(1f),
            Float.MAX_VALUE,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.NaN
        };
        float[][] rows = new float[values.length][];
        Arrays.setAll(rows, i -> new float[] {0, values[i]});
        double[] scores = new double[rows.length];
        for (int threshold = 0; threshold < values.length - 3; threshold++) {
            for (boolean missingLeft : new boolean[] {true, false}) {
                TreeEnsembleBuilder builder = new TreeEnsembleBuilder(2);
                builder.endTree(
                        builder.split(1, values[threshold], missingLeft, builder.leaf(1, 1), builder.leaf(2, 1)));
                TreeEnsemble trees = builder.build(0);
                trees.score(rows, rows.length, scores);
                for (int i = 0; i < rows.length; i++) {
                    assertThat(scores[i])
                            .as("%s at threshold %s, missing left: %s", values[i], values[threshold], missingLeft)
                            .isEqualTo(trees.score(rows[i]));
                }
            }
        }
    }

    @Test
    void aValueAtTheThresholdGoesLeft() {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(1);
        builder.endTree(builder.split(0, 2f, false, builder.leaf(10, 3), builder.leaf(20, 1)));
        TreeEnsemble trees = builder.build(100);
        assertThat(trees.score(new float[] {2f})).isEqualTo(110);
        assertThat(trees.score(new float[] {Math.nextUp(2f)})).isEqualTo(120);
        assertThat(trees.score(new float[] {Float.NaN})).isEqualTo(120);
        assertThat(trees.expected()).isEqualTo(100 + 12.5);
    }

    @Test
    void refusesTreesThatAreNone() {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(2);
        int leaf = builder.leaf(1, 1);
        assertThatThrownBy(() -> builder.split(2, 0, true, leaf, builder.leaf(1, 1)))
                .hasMessageContaining("input 2 of 2");
        assertThatThrownBy(() -> builder.split(0, Float.NaN, true, leaf, builder.leaf(1, 1)))
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> builder.split(0, 0, true, leaf, leaf)).hasMessageContaining("children");
        assertThatThrownBy(() -> builder.leaf(1, 0)).hasMessageContaining("cover");
        assertThatThrownBy(() -> new TreeEnsembleBuilder(1).build(0)).hasMessageContaining("at least one tree");
    }
}
