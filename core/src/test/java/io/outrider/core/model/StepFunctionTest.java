package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class StepFunctionTest {

    @Property(tries = 100)
    void alongAnInputIsTheScoreWithThatInputReplaced(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int inputs, @ForAll boolean whole) {
        SplitMix random = new SplitMix(seed);
        TreeEnsemble trees = RandomTrees.ensemble(random, inputs, 5, 7);
        float[] row = RandomTrees.row(random, inputs, true);
        int input = random.nextInt(inputs);
        float above = whole ? Float.NEGATIVE_INFINITY : 0.3f;
        float upTo = whole ? Float.POSITIVE_INFINITY : 0.6f;
        StepFunction function = StepFunction.along(trees, input, row, above, upTo);
        for (int step = 0; step < function.steps(); step++) {
            assertScore(trees, row, input, function, function.threshold(step));
            assertScore(trees, row, input, function, Math.nextUp(function.threshold(step)));
        }
        for (int i = 0; i < 20; i++) {
            float x = (float) random.nextDouble();
            assertScore(trees, row, input, function, whole ? 3 * x - 1 : 0.31f + 0.29f * x);
        }
    }

    private static void assertScore(TreeEnsemble trees, float[] row, int input, StepFunction function, float x) {
        float[] changed = row.clone();
        changed[input] = x;
        assertThat(function.at(x)).isEqualTo(trees.score(changed), within(1e-12));
    }

    @Test
    void stepsAtOneThresholdAddUp() {
        StepFunction.Builder builder = new StepFunction.Builder();
        builder.raise(2f, 1);
        builder.raise(Float.NEGATIVE_INFINITY, 10);
        builder.raise(-1f, 5);
        builder.raise(2f, 3);
        builder.raise(-0f, 0.5);
        builder.raise(0f, 0.5);
        builder.raise(Float.POSITIVE_INFINITY, 99);
        StepFunction function = builder.build();
        assertThat(function.steps()).isEqualTo(3);
        assertThat(function.at(Float.NEGATIVE_INFINITY)).isEqualTo(10);
        assertThat(function.at(-1f)).isEqualTo(10);
        assertThat(function.at(-0.5f)).isEqualTo(15);
        assertThat(function.at(0f)).isEqualTo(15);
        assertThat(function.at(2f)).isEqualTo(16);
        assertThat(function.at(Float.POSITIVE_INFINITY)).isEqualTo(20);
    }
}
