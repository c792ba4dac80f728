package io.outrider.core.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Estimates against numbers computed elsewhere, and against the truth they estimate. */
class TallyTest {

    @Test
    void theIntervalIsWilsons() {
        // statsmodels: proportion_confint(8, 10, method="wilson")
        Share share = Share.of(8, 10);
        assertThat(share.value()).isEqualTo(0.8);
        assertThat(share.low()).isCloseTo(0.490162, within(1e-6));
        assertThat(share.high()).isCloseTo(0.943318, within(1e-6));
        assertThat(Share.of(0, 0)).isEqualTo(new Share(Double.NaN, 0, 1));
        assertThat(Share.of(0, 20).low()).isZero();
        assertThat(Share.of(20, 20).high()).isEqualTo(1);
    }

    @Test
    void recallIsEstimatedFromASampleOfWhatRaisedNoAlert() {
        Random random = new Random(7);
        Tally tally = new Tally();
        int inside = 0;
        double detected = 0;
        double missed = 0;
        for (int i = 0; i < 400_000; i++) {
            boolean fraud = random.nextDouble() < 0.01;
            boolean alert = random.nextDouble() < (fraud ? 0.7 : 0.001);
            Standing standing = fraud ? Standing.FRAUD : Standing.GENUINE;
            detected += fraud && alert ? 1 : 0;
            missed += fraud && !alert ? 1 : 0;
            if (alert) {
                tally.alert(random.nextDouble() < 0.5 ? standing : Standing.UNLABELLED);
            } else if (random.nextDouble() < 0.02) {
                tally.sampled(standing, 0.02);
            }
        }
        double truth = detected / (detected + missed);
        Share recall = tally.recall();
        inside += recall.low() <= truth && truth <= recall.high() ? 1 : 0;
        assertThat(inside).isEqualTo(1);
        assertThat(recall.value()).isCloseTo(truth, within(0.1));
        assertThat(tally.alertRate()).isCloseTo(tally.alerts() / 400_000.0, within(5e-4));
    }

    @Test
    void withoutLabelsNothingIsClaimed() {
        Tally tally = new Tally();
        tally.alert(Standing.UNLABELLED);
        assertThat(tally.recall()).isEqualTo(new Share(Double.NaN, 0, 1));
        assertThat(tally.alertRate()).isNaN();
    }

    @Test
    void theCurveWeighsWhatEachTransactionStandsFor() {
        PrecisionRecallCurve curve = new PrecisionRecallCurve();
        curve.add(0.99, true, 2);
        curve.add(0.98, false, 2);
        curve.add(0.5, true, 100);
        curve.add(0.4, false, 100);

        var points = curve.points();
        assertThat(points).hasSize(4);
        assertThat(points.get(0).precision()).isEqualTo(1);
        assertThat(points.get(0).recall()).isCloseTo(2 / 102.0, within(1e-12));
        assertThat(points.get(1).precision()).isEqualTo(0.5);
        assertThat(points.get(3).recall()).isEqualTo(1);
    }

    @Test
    void chancesFollowLabelsAndStartFromAGuess() {
        FraudChance chance = new FraudChance();
        double guess = chance.of(Severity.HIGH);
        for (int i = 0; i < 40; i++) {
            chance.learn(Severity.HIGH, Standing.GENUINE);
        }
        assertThat(guess).isEqualTo(0.5);
        assertThat(chance.of(Severity.HIGH)).isCloseTo(2 / 44.0, within(1e-12));
        assertThat(chance.of(Severity.CRITICAL)).isEqualTo(0.7);
        assertThat(new FraudChance(chance.values()).of(Severity.HIGH)).isEqualTo(chance.of(Severity.HIGH));
    }
}
