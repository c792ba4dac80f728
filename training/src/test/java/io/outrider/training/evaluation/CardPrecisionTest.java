package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CardPrecisionTest {

    private static final long DAY = 86_400_000;

    private final CardPrecision cards = new CardPrecision(2);

    @Test
    void ranksAccountsByTheirHighestScoreOfTheDay() {
        cards.add(1, "a", 0.1, false);
        cards.add(2, "b", 0.5, true);
        cards.add(3, "a", 0.9, false);
        cards.add(4, "c", 0.7, true);
        assertThat(cards.mean()).isEqualTo(0.5); // a and c are looked at
    }

    @Test
    void countsAnAccountWhoseFraudWasNotItsHighestScore() {
        cards.add(1, "a", 0.9, false);
        cards.add(2, "a", 0.1, true);
        assertThat(cards.mean()).isEqualTo(0.5); // one of the two that could have been
    }

    @Test
    void leavesFoundAccountsOutOnLaterDays() {
        cards.add(1, "a", 0.9, true);
        cards.add(2, "b", 0.8, false);
        cards.add(3, "c", 0.7, true);
        // the next day a is known: b and c are looked at, and c alone is a fraud
        cards.add(DAY, "a", 0.9, true);
        cards.add(DAY + 1, "b", 0.8, false);
        cards.add(DAY + 2, "c", 0.7, true);
        assertThat(cards.mean()).isEqualTo((0.5 + 0.5) / 2);
    }

    @Test
    void looksAgainAtAccountsThatWereNoFrauds() {
        cards.add(1, "a", 0.9, false);
        cards.add(DAY, "a", 0.9, true);
        assertThat(cards.mean()).isEqualTo((0 + 0.5) / 2);
    }

    @Test
    void endsADayAtMidnightUtc() {
        cards.add(DAY - 1, "a", 0.9, true);
        cards.add(DAY, "b", 0.9, true);
        assertThat(cards.mean()).isEqualTo(0.5);
    }

    @Test
    void equalScoresComeByName() {
        cards.add(1, "c", 0.5, true);
        cards.add(1, "b", 0.5, false);
        cards.add(1, "a", 0.5, false);
        assertThat(cards.mean()).isEqualTo(0);
    }

    @Test
    void isNotANumberWithoutRows() {
        assertThat(cards.mean()).isNaN();
    }
}
