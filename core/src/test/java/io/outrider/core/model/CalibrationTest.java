package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CalibrationTest {

    private static final Calibration ONE_NAT_EACH = new Calibration(Curve.line(1));

    @Test
    void theShareThatScoresLowerIsTheScore() {
        assertThat(ONE_NAT_EACH.score(-1)).isZero();
        assertThat(ONE_NAT_EACH.score(0)).isZero();
        assertThat(ONE_NAT_EACH.score(Math.log(4))).isEqualTo(0.75);
    }

    @Test
    void ofScoresNeverSeenTheHigherIsTheHigherAsFarAsADoubleTells() {
        Calibration fitted = Calibration.fit(new double[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(fitted.score(11)).isGreaterThan(fitted.score(10)).isLessThan(1);
        assertThat(ONE_NAT_EACH.score(36)).isGreaterThan(ONE_NAT_EACH.score(35)).isLessThan(1);
        assertThat(ONE_NAT_EACH.score(38)).isEqualTo(1);
        assertThat(ONE_NAT_EACH.score(1_000)).isEqualTo(1);
        assertThat(ONE_NAT_EACH.surprise().at(1_000))
                .isGreaterThan(ONE_NAT_EACH.surprise().at(38));
    }
}
