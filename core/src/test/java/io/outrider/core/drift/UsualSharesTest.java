package io.outrider.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsualSharesTest {

    @Test
    void aShareThatRisesByTheWeekIsExpectedToGoOnThoughAWeekIsMissing() {
        UsualShares usual = UsualShares.of(List.of(week(1, 290), week(2, 280), week(3, 0, 0), week(4, 260)));
        assertThat(usual.shares()).containsExactly(new double[] {0.3, 0.7}, within(1e-9));
        assertThat(usual.size()).as("far less than three weeks").isBetween(600.0, 1_000.0);
    }

    @Test
    void twoWeeksHaveAMean() {
        UsualShares usual = UsualShares.of(List.of(week(1, 290), week(2, 270)));
        assertThat(usual.shares()).containsExactly(new double[] {0.28, 0.72}, within(1e-9));
        assertThat(usual.size()).isEqualTo(2_000);
    }

    @Test
    void aShareIsNeverBelowNothing() {
        UsualShares usual = UsualShares.of(List.of(week(1, 0), week(2, 100), week(3, 200), week(4, 300)));
        assertThat(usual.shares()).containsExactly(new double[] {0, 1}, within(1e-9));
    }

    @Test
    void weeksThatDifferAreWorthLess() {
        List<UsualShares.Week> alike = List.of(week(1, 300), week(2, 300), week(3, 300), week(4, 300));
        List<UsualShares.Week> unlike = List.of(week(1, 200), week(2, 400), week(3, 400), week(4, 200));
        assertThat(UsualShares.of(alike).dispersion()).isOne();
        assertThat(UsualShares.of(unlike).dispersion()).isGreaterThan(40);
    }

    private static UsualShares.Week week(int back, long inFirst) {
        return week(back, inFirst, 1_000 - inFirst);
    }

    private static UsualShares.Week week(int back, long... counts) {
        return new UsualShares.Week(back, counts);
    }
}
