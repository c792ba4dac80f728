package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
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
            scores[i] = i < anomalies ? 40 + 10 * random.nextDouble() : -Math.log(1 - random.nextDouble());
        }
        double threshold = new ThresholdRule.AlertBudget(0.01).threshold(scores, NO_LABELS);
        assertThat(above(scores, threshold)).isEqualTo(anomalies);
    }

    /** A chance gap in a heavy tail may look clear, rarely: the seeds are fixed, so that the share is a fact. */
    @Test
    void oneTailWithoutAGapUsesTheBudgetUp() {
        assertThat(cutShort(false, 2000)).isZero();
        assertThat(cutShort(true, 2000)).isLessThanOrEqualTo(4);
    }

    private static long cutShort(boolean heavy, int samples) {
        return IntStream.range(0, samples)
                .filter(seed -> {
                    double[] scores = tail(new SplitMix(seed), heavy);
                    double threshold = new ThresholdRule.AlertBudget(0.01).threshold(scores, NO_LABELS);
                    return above(scores, threshold) != 100;
                })
                .count();
    }

    private static double[] tail(SplitMix random, boolean heavy) {
        double[] scores = new double[10_000];
        for (int i = 0; i < scores.length; i++) {
            double exponential = -Math.log(1 - random.nextDouble());
            scores[i] = heavy ? Math.exp(exponential / 3) : exponential;
        }
        return scores;
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
