package io.outrider.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.SplitMix;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Gate, breaker, and the figures they go by. */
class RolloutJudgementTest {

    /** One transaction in a hundred is expected to alert. */
    private static final ModelManifest MODEL = manifest(StrictMath.log(100));

    private static final PromotionGate GATE = new PromotionGate(1_000, 0.2, 0.5, 0, 0, rule(3, 0.02));
    private static final Breaker BREAKER =
            new Breaker(50, new PredictedAlerts.Rule("outrider.rollout.breaker", 5, 0.02), 20, 0.5);

    @Test
    void aModelThatAlertsOnEverythingTripsTheBreakerAfterTheFewestDecisions() {
        assertThat(BREAKER.trips(MODEL, decided(50, 49), NodeCounts.Health.NONE))
                .isEmpty();
        assertThat(BREAKER.trips(MODEL, decided(50, 50), NodeCounts.Health.NONE).orElseThrow())
                .contains("50 alerts on 50 transactions");
    }

    @Test
    void aModelThatPredictsToAlertOnEverythingIsNotBelieved() {
        ModelManifest bad = manifest(-1);
        assertThat(bad.threshold()).isZero();
        assertThat(BREAKER.trips(bad, decided(50, 50), NodeCounts.Health.NONE)).isPresent();
    }

    @Test
    void chanceAloneTripsNoBreaker() {
        SplitMix random = new SplitMix(7);
        for (int day = 0; day < 200; day++) {
            long alerts = 0;
            for (long events = 1; events <= 5_000; events++) {
                alerts += random.nextDouble() < 0.01 ? 1 : 0;
                assertThat(BREAKER.trips(MODEL, decided(alerts, events), NodeCounts.Health.NONE))
                        .isEmpty();
            }
        }
    }

    @Test
    void aModelThatNeverAlertsTripsTheBreakerOnceThatIsNoChance() {
        assertThat(BREAKER.trips(MODEL, decided(0, 10_000), NodeCounts.Health.NONE))
                .isEmpty();
        assertThat(BREAKER.trips(MODEL, decided(0, 100_000), NodeCounts.Health.NONE))
                .isPresent();
    }

    @Test
    void lostRunsAndSlowDecisionsTripTheBreaker() {
        assertThat(BREAKER.trips(MODEL, decided(0, 0), new NodeCounts.Health(21, 0, 0))
                        .orElseThrow())
                .contains("new run 21 times");
        assertThat(BREAKER.trips(MODEL, decided(0, 0), new NodeCounts.Health(20, 100, 50)))
                .isEmpty();
        assertThat(BREAKER.trips(MODEL, decided(0, 0), new NodeCounts.Health(0, 100, 51))
                        .orElseThrow())
                .contains("slower");
    }

    @Test
    void theGateNamesEachReasonAgainstAChallenger() {
        assertThat(GATE.judge(MODEL, null, null).reasons().get(0)).contains("not the challenger");
        assertThat(GATE.judge(MODEL, report(10, 0, 0, true, 90), null).reasons().get(0))
                .contains("100 transactions");
        assertThat(GATE.judge(MODEL, report(10, 5, 5, true, 4_980), null).passed())
                .isTrue();
        assertThat(GATE.judge(MODEL, report(1, 40, 40, true, 4_919), null)
                        .reasons()
                        .get(0))
                .contains("overlap");
        assertThat(GATE.judge(MODEL, report(10, 0, 900, true, 4_090), null).reasons())
                .anySatisfy(reason -> assertThat(reason).contains("would have raised 910 alerts"));
        assertThat(GATE.judge(MODEL, report(10, 0, 0, false, 4_990), null)
                        .reasons()
                        .get(0))
                .contains("rank correlation");
        assertThatThrownBy(() -> new PromotionGate(1, 2, 0, 0, 0, rule(1, 1))).hasMessageContaining("gate.min-overlap");
    }

    @Test
    void aModelWhoseScoresAreAllAlikeDoesNotPass() {
        int bins = ScoreBins.COUNT;
        long[] dead = new long[bins * bins];
        long[] beside = new long[bins * bins];
        for (int i = 0; i < 10; i++) {
            dead[i * bins + 3] = 500;
            beside[3 * bins + i] = 500;
        }
        PromotionGate gate = new PromotionGate(1_000, 0, 0.5, 0, 0, rule(3, 0.02));
        ShadowReport report = ShadowReport.of(new RolloutCounts.Shadow(0, 0, 0, dead));
        assertThat(report.rankCorrelation()).isNaN();
        assertThat(gate.judge(MODEL, report, null).reasons())
                .containsExactly(
                        "its scores are all alike, so that they have no rank correlation, and 0.500 is wanted");
        assertThat(gate.judge(MODEL, ShadowReport.of(new RolloutCounts.Shadow(0, 0, 0, beside)), null)
                        .reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).startsWith("the champion's scores are all alike"));
        assertThat(new PromotionGate(1_000, 0, 0, 0, 0, rule(3, 0.02))
                        .judge(MODEL, report, null)
                        .passed())
                .as("no correlation is wanted")
                .isTrue();
    }

    @Test
    void withoutAlertsThereIsNoOverlap() {
        ShadowReport report = report(0, 0, 0, true, 5_000);
        assertThat(report.overlap()).isNaN();
        assertThat(GATE.judge(MODEL, report, null).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason)
                        .startsWith("neither it nor the champion has alerted")
                        .endsWith("0.200 is wanted"));
        PromotionGate none = new PromotionGate(1_000, 0, 0.5, 0, 0, rule(3, 0.02));
        assertThat(none.judge(MODEL, report, null).passed()).isTrue();
    }

    @Test
    void theGateHearsLabelsOnceThereAreEnoughAndNoDoubtIsLeft() {
        PromotionGate gate = new PromotionGate(1_000, 0.2, 0.5, 10, 0, rule(3, 0.02));
        ShadowReport good = report(10, 5, 5, true, 4_980);
        assertThat(gate.judge(MODEL, good, null).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("running nodes"));
        assertThat(gate.judge(MODEL, good, labels(9, 9, 50, 25)).reasons())
                .containsExactly("it alerts on 9 labelled transactions, and 10 are wanted");
        assertThat(gate.judge(MODEL, good, labels(40, 15, 50, 25)).passed())
                .as("worse, but perhaps by chance")
                .isTrue();
        assertThat(gate.judge(MODEL, good, labels(40, 4, 50, 40)).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).startsWith("its precision on labels is 0.100 (at most 0.2"));
        assertThat(GATE.judge(MODEL, good, labels(0, 0, 50, 40)).passed())
                .as("nothing is wanted, and nothing is known")
                .isTrue();
        assertThat(gate.judgeCanary(MODEL, decided(10, 5_000), labels(40, 4, 50, 40))
                        .passed())
                .isFalse();
        assertThatThrownBy(() -> new PromotionGate(1, 0, 0, -1, 0, rule(1, 1))).hasMessageContaining("gate.min-labels");
    }

    @Test
    void theGateAsksForABacktestOverLaterDataThatAgrees() {
        PromotionGate gate = new PromotionGate(1_000, 0, 0, 0, 3, rule(3, 0.02));
        assertThat(GATE.judgeBacktest(MODEL, null).passed())
                .as("none is asked for")
                .isTrue();
        assertThat(gate.judgeBacktest(MODEL, null).reasons().get(0)).endsWith("and there is none");
        assertThat(gate.judgeBacktest(MODEL, backtest(2, 9_000, 90, null))
                        .reasons()
                        .get(0))
                .endsWith("and there is one over 2, with 9000");
        assertThat(gate.judgeBacktest(MODEL, backtest(3, 900, 9, null))
                        .reasons()
                        .get(0))
                .endsWith("and there is one over 3, with 900");
        assertThat(gate.judgeBacktest(MODEL, backtest(3, 9_000, 90, null)).passed())
                .isTrue();
        assertThat(gate.judgeBacktest(MODEL, backtest(3, 9_000, 900, null)).reasons())
                .containsExactly(
                        "in the backtest from 2026-03-01 to 2026-03-09 it has raised 300.0 alerts a day, and 0.0 to"
                                + " 126.7 were predicted");
        assertThat(gate.judgeBacktest(MODEL, backtest(3, 9_000, 90, 0.0)).passed())
                .as("worse, but perhaps by chance")
                .isTrue();
        assertThat(gate.judgeBacktest(MODEL, backtest(3, 9_000, 90, -0.01)).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).endsWith("below the champion's by 0.010 at least"));
        assertThatThrownBy(() -> new PromotionGate(1, 0, 0, 0, -1, rule(1, 1)))
                .hasMessageContaining("gate.min-backtest-days");
    }

    private static BacktestEvidence backtest(int days, long events, long alerts, @Nullable Double gainHigh) {
        return new BacktestEvidence("m1", "m0", "2026-03-01", "2026-03-09", days, events, alerts, -0.5, gainHigh);
    }

    private static LabelReport labels(long alerts, long frauds, long championAlerts, long championFrauds) {
        return new LabelReport(
                0,
                alerts + championAlerts,
                new LabelReport.Hits(championAlerts, championFrauds),
                new LabelReport.Hits(alerts, frauds));
    }

    @Test
    void theRankCorrelationIsThatOfTheUnbinnedScores() {
        SplitMix random = new SplitMix(3);
        int count = 4_000;
        double[] x = new double[count];
        double[] y = new double[count];
        long[] joint = new long[ScoreBins.COUNT * ScoreBins.COUNT];
        for (int i = 0; i < count; i++) {
            x[i] = -StrictMath.log(1 - random.nextDouble());
            y[i] = -StrictMath.log(1 - random.nextDouble()) * 0.7 + x[i] * 0.5;
            joint[ScoreBins.of(x[i]) * ScoreBins.COUNT + ScoreBins.of(y[i])]++;
        }
        double binned =
                ShadowReport.of(new RolloutCounts.Shadow(0, 0, 0, joint)).rankCorrelation();
        assertThat(binned).isEqualTo(spearman(x, y), within(0.01));
    }

    private static double spearman(double[] x, double[] y) {
        double[] a = ranks(x);
        double[] b = ranks(y);
        double mean = (x.length - 1) / 2.0;
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (a[i] - mean) * (b[i] - mean);
            xx += (a[i] - mean) * (a[i] - mean);
        }
        return xy / xx;
    }

    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Arrays.stream(values).map(v -> Arrays.binarySearch(sorted, v)).toArray();
    }

    private static RolloutCounts.Decided decided(long alerts, long events) {
        long[] scores = new long[ScoreBins.COUNT];
        scores[3] = events;
        return new RolloutCounts.Decided(alerts, scores);
    }

    private static ShadowReport report(long both, long decidedOnly, long challengerOnly, boolean alike, long rest) {
        long[] joint = new long[ScoreBins.COUNT * ScoreBins.COUNT];
        long all = both + decidedOnly + challengerOnly + rest;
        for (int i = 0; i < 10; i++) {
            joint[i * ScoreBins.COUNT + (alike ? i : 9 - i)] = all / 10;
        }
        return ShadowReport.of(new RolloutCounts.Shadow(both, decidedOnly, challengerOnly, joint));
    }

    private static ModelManifest manifest(double rawThreshold) {
        return new ModelManifest(
                ModelManifest.FORMAT_VERSION,
                "m1",
                new ModelManifest.Plan("p", "f", List.of("a")),
                List.of(),
                List.of(),
                new Calibration(Curve.line(1)),
                new PolicyTerms(rawThreshold, Duration.ZERO, 2, 5, 20, 0),
                new ModelManifest.Origin("test", 1, Instant.EPOCH, Instant.EPOCH, 1, Map.of()),
                Map.of(),
                null,
                null);
    }

    private static PredictedAlerts.Rule rule(double tolerance, double maxShare) {
        return new PredictedAlerts.Rule("outrider.rollout.gate", tolerance, maxShare);
    }
}
