package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final Offset<Double> EXACT = within(1e-12);

    /** Two ties across labels; the numbers are scikit-learn's. */
    private static final double[] SCORES = {0.9, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.5, 0.4, 0.3, 0.3, 0.1};

    private static final boolean[] LABELS = {
        true, false, true, true, false, true, false, false, true, false, true, false
    };

    private final Ranking ranking = Ranking.of(SCORES, LABELS);

    @Test
    void agreesWithScikitLearnWhereScoresTie() {
        assertThat(ranking.auc()).isCloseTo(0.6666666666666667, EXACT);
        assertThat(ranking.averagePrecision()).isCloseTo(0.6815175565175565, EXACT);
        assertThat(ranking.bestF1()).isCloseTo(0.7058823529411764, EXACT);
    }

    /** scikit-learn's precision_recall_curve at the first threshold that reaches a third, two thirds and all of the recall. */
    @Test
    void theCurveTellsPrecisionWhereARecallIsFirstReached() {
        WeightedRanking whole = new WeightedRanking(SCORES, LABELS, new int[SCORES.length], 0.8);
        assertThat(whole.precisionAtRecalls(3)).containsExactly(new double[] {2 / 3.0, 4 / 7.0, 6 / 11.0}, EXACT);
        assertThat(new WeightedRanking(new double[] {1}, new boolean[] {false}, new int[1], 0).precisionAtRecalls(3))
                .as("without anomalies")
                .isEmpty();
    }

    @Test
    void agreesWithScikitLearnOnManyRowsOfFewScores() {
        double[] scores = new double[1000];
        boolean[] labels = new boolean[1000];
        for (int i = 0; i < 1000; i++) {
            scores[i] = (i * 7919L % 1009) % 97 / 97.0;
            labels[i] = i * 31 % 101 < 12 || (scores[i] > 0.8 && i % 3 == 0);
        }
        Ranking many = Ranking.of(scores, labels);
        assertThat(many.anomalies()).isEqualTo(169);
        assertThat(many.auc()).isCloseTo(0.6432686077229262, EXACT);
        assertThat(many.averagePrecision()).isCloseTo(0.28959667702713593, EXACT);
        assertThat(many.bestF1()).isCloseTo(0.4078212290502793, EXACT);
    }

    @Test
    void countsWhatAThresholdFindsTheThresholdItselfIncluded() {
        Ranking.AtThreshold found = ranking.at(0.8);
        assertThat(found.precision()).isCloseTo(2 / 3.0, EXACT);
        assertThat(found.recall()).isCloseTo(2 / 6.0, EXACT);
        assertThat(found.f1()).isCloseTo(4 / 9.0, EXACT);
        assertThat(found.alertRate()).isCloseTo(3 / 12.0, EXACT);
    }

    @Test
    void findsNothingAboveTheHighestScore() {
        assertThat(ranking.at(0.91)).isEqualTo(new Ranking.AtThreshold(0, 0, 0, 0));
    }

    @Test
    void neverExceedsAnAlertRateEvenWhereScoresTie() {
        assertThat(ranking.thresholdForRate(0.25)).isEqualTo(0.8); // three rows
        assertThat(ranking.thresholdForRate(0.24)).isEqualTo(0.9); // the two at 0.8 don't fit
        assertThat(ranking.thresholdForRate(0.05)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void separatedClassesScoreOne() {
        Ranking perfect = Ranking.of(new double[] {3, 1, 2, 0}, new boolean[] {true, false, true, false});
        assertThat(perfect.auc()).isEqualTo(1);
        assertThat(perfect.averagePrecision()).isEqualTo(1);
        assertThat(perfect.bestF1()).isEqualTo(1);
    }

    @Test
    void zeroAndMinusZeroAreOneScore() {
        assertThat(Ranking.of(new double[] {0.0, -0.0}, new boolean[] {true, false})
                        .auc())
                .isEqualTo(0.5);
    }

    @Test
    void refusesScoresThatAreNoNumbers() {
        assertThatThrownBy(() -> Ranking.of(new double[] {1, Double.NaN}, new boolean[] {true, false}))
                .hasMessageContaining("row 1");
    }

    @Property
    void aucIsTheShareOfPairsInTheRightOrder(
            @ForAll @Size(min = 2, max = 40) @IntRange(max = 9) int[] scores, @ForAll @Size(40) boolean[] labels) {
        boolean[] some = Arrays.copyOf(labels, scores.length);
        some[0] = true;
        some[1] = false;
        double right = 0;
        double pairs = 0;
        for (int p = 0; p < some.length; p++) {
            for (int n = 0; n < some.length; n++) {
                if (some[p] && !some[n]) {
                    right += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        double[] values = Arrays.stream(scores).asDoubleStream().toArray();
        assertThat(Ranking.of(values, some).auc()).isCloseTo(right / pairs, EXACT);
    }
}
