package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ThresholdRuleTest {

    private static final boolean[] NO_LABELS = {};

    private static long above(double[] scores, double threshold) {
        return Arrays.stream(scores).filter(score -> score >= threshold).count();
    }

    @Property(tries = 200)
    void separatedAnomaliesAreCutCleanlyHoweverFew(
            @ForAll long seed, @ForAll @IntRange(min = 8, max = 115) int anomalies) {
        SplitMix random = new SplitMix(seed);
        double[] scores = new double[10_000];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i < anomalies ? 40 + 60 * random.nextDouble() : -Math.log(1 - random.nextDouble());
        }
        double threshold = new ThresholdRule.AlertBudget(0.01).threshold(scores, NO_LABELS);
        assertThat(above(scores, threshold)).isEqualTo(anomalies);
    }

    @Property(tries = 200)
    void oneTailWithoutAGapUsesTheBudgetUp(@ForAll long seed, @ForAll boolean heavy) {
        SplitMix random = new SplitMix(seed);
        double[] scores = new double[10_000];
        for (int i = 0; i < scores.length; i++) {
            double exponential = -Math.log(1 - random.nextDouble());
            scores[i] = heavy ? Math.exp(exponential / 3) : exponential;
        }
        double threshold = new ThresholdRule.AlertBudget(0.01).threshold(scores, NO_LABELS);
        assertThat(above(scores, threshold)).isEqualTo(100);
    }

    @Test
    void equalScoresAreNotSplitAndTheBudgetIsKept() {
        double[] scores = new double[1000];
        Arrays.fill(scores, 0, 4, 3);
        Arrays.fill(scores, 4, 300, 2);
        double threshold = new ThresholdRule.AlertBudget(0.01).threshold(scores, NO_LABELS);
        assertThat(above(scores, threshold)).isEqualTo(4);
        double none = new ThresholdRule.AlertBudget(0.01).threshold(new double[1000], NO_LABELS);
        assertThat(above(new double[1000], none)).isZero();
    }

    @Test
    void targetPrecisionIsKeptAtTheLowestThreshold() {
        double[] scores = {9, 8, 7, 6, 5, 4};
        boolean[] labels = {true, true, false, true, false, false};
        assertThat(new ThresholdRule.TargetPrecision(0.75).threshold(scores, labels))
                .isEqualTo(5.5);
        assertThat(new ThresholdRule.TargetPrecision(0.9).threshold(scores, labels))
                .isEqualTo(7.5);
        assertThat(new ThresholdRule.BestF1().threshold(scores, labels)).isEqualTo(5.5);
        assertThatThrownBy(() -> new ThresholdRule.BestF1().threshold(scores, NO_LABELS))
                .hasMessageContaining("6 scores with 0 labels");
    }
}
