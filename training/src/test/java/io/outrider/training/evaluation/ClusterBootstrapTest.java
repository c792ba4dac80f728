package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.model.SplitMix;
import io.outrider.core.pace.Pace;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {

    private static final int ACCOUNTS = 400;
    private static final int ROWS = 4_000;

    /** Rows whose score rises with a hidden truth; {@code noise} spoils it. */
    private static WeightedRanking ranking(double noise, long seed) {
        SplitMix truth = new SplitMix(1);
        SplitMix random = new SplitMix(seed);
        double[] scores = new double[ROWS];
        boolean[] anomalous = new boolean[ROWS];
        int[] accounts = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            anomalous[i] = truth.nextInt(25) == 0;
            accounts[i] = truth.nextInt(ACCOUNTS);
            scores[i] = (anomalous[i] ? 1 : 0) + noise * random.nextDouble();
        }
        return new WeightedRanking(scores, anomalous, accounts, 1);
    }

    @Test
    void countedOnceEachRowsGiveTheMetricsOfThePlainRanking() {
        SplitMix random = new SplitMix(3);
        double[] scores = new double[500];
        boolean[] anomalous = new boolean[500];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(40);
            anomalous[i] = random.nextInt(10) == 0;
        }
        Ranking plain = Ranking.of(scores, anomalous);
        RankingMetrics metrics = new WeightedRanking(scores, anomalous, new int[500], 30).metrics();
        assertThat(metrics.auc()).isCloseTo(plain.auc(), within(1e-12));
        assertThat(metrics.averagePrecision()).isCloseTo(plain.averagePrecision(), within(1e-12));
        assertThat(metrics.bestF1()).isCloseTo(plain.bestF1(), within(1e-12));
        assertThat(metrics.precision()).isEqualTo(plain.at(30).precision());
        assertThat(metrics.recall()).isEqualTo(plain.at(30).recall());
        assertThat(metrics.f1()).isCloseTo(plain.at(30).f1(), within(1e-12));
        assertThat(metrics.alertRate()).isEqualTo(plain.at(30).alertRate());
    }

    @Test
    void aRowThatCountsTwiceIsTwoRows() {
        double[] scores = {5, 4, 3, 2};
        boolean[] anomalous = {true, false, true, false};
        RankingMetrics weighted =
                new WeightedRanking(scores, anomalous, new int[] {0, 1, 2, 3}, 3).metrics(new int[] {2, 1, 1, 3});
        Ranking repeated = Ranking.of(
                new double[] {5, 5, 4, 3, 2, 2, 2}, new boolean[] {true, true, false, true, false, false, false});
        assertThat(weighted.auc()).isCloseTo(repeated.auc(), within(1e-12));
        assertThat(weighted.averagePrecision()).isCloseTo(repeated.averagePrecision(), within(1e-12));
        assertThat(weighted.precision()).isEqualTo(repeated.at(3).precision());
    }

    @Test
    void anIntervalHoldsTheMeasuredValueAndIsTheSameForTheSameSeed() {
        WeightedRanking ranking = ranking(3, 7);
        double[][][] first = new ClusterBootstrap(ACCOUNTS, 200, 11).replicates(Pace.FULL, ranking);
        double[][][] again = new ClusterBootstrap(ACCOUNTS, 200, 11).replicates(Pace.FULL, ranking);
        assertThat(first[0][0]).isEqualTo(again[0][0]);
        ClusterBootstrap.Interval auc = ClusterBootstrap.interval(first[0][0]);
        assertThat(ranking.metrics().auc()).isBetween(auc.low(), auc.high());
        assertThat(auc.high() - auc.low()).isBetween(0.02, 0.15);
    }

    @Test
    void aClearlyBetterRankingIsToldFromChance() {
        double[][][] replicates = new ClusterBootstrap(ACCOUNTS, 200, 11)
                .replicates(Pace.FULL, ranking(1.5, 7), ranking(30, 8), ranking(1.5, 9));
        ClusterBootstrap.Interval better = ClusterBootstrap.difference(replicates[0][1], replicates[1][1]);
        assertThat(better.low()).isPositive();
        ClusterBootstrap.Interval alike = ClusterBootstrap.difference(replicates[0][1], replicates[2][1]);
        assertThat(alike.low()).isNegative();
        assertThat(alike.high()).isPositive();
    }
}
