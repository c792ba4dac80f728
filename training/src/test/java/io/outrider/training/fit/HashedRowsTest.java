package io.outrider.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashedRowsTest {

    private static HashedRows.Row row(int number) {
        return new HashedRows.Row(number % 4, number / 4, 1_000L * number, number % 10 == 0, 0, new double[] {number});
    }

    @Test
    void whichRowsStayDependsOnTheRowsAloneAndNotOnTheirOrder() {
        List<HashedRows.Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            rows.add(row(i));
        }
        HashedRows inOrder = new HashedRows(1_000, 42);
        rows.forEach(inOrder::add);
        Collections.shuffle(rows, new Random(1));
        HashedRows shuffled = new HashedRows(1_000, 42);
        rows.forEach(shuffled::add);
        HashedRows.Sample sample = inOrder.sample();
        assertThat(shuffled.sample()).isEqualTo(sample);
        assertThat(sample.rows())
                .hasSizeBetween(450, 1_000)
                .isSortedAccordingTo((a, b) -> Long.compare(a.eventTimeMs(), b.eventTimeMs()));
        assertThat(sample.standsFor()).isBetween(17_000L, 23_000L);
    }

    @Test
    void aShortStreamIsKeptWholeAndAnotherSeedDrawsOthers() {
        HashedRows whole = new HashedRows(1_000, 42);
        HashedRows first = new HashedRows(50, 42);
        HashedRows other = new HashedRows(50, 43);
        for (int i = 0; i < 1_000; i++) {
            whole.add(row(i));
            first.add(row(i));
            other.add(row(i));
        }
        assertThat(whole.sample().rows()).hasSize(1_000);
        assertThat(whole.sample().share()).isEqualTo(1);
        assertThat(other.sample().rows()).isNotEqualTo(first.sample().rows());
        assertThat(whole.sample().between(5_000, 9_000).rows()).hasSize(4);
    }
}
