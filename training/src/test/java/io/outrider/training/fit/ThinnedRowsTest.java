package io.outrider.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ThinnedRowsTest {

    @Property
    void keepsEveryNthRowWithItsTimeAndLabel(
            @ForAll @IntRange(min = 1, max = 500) int count, @ForAll @IntRange(min = 2, max = 20) int most) {
        ThinnedRows rows = new ThinnedRows(1, most);
        for (int i = 0; i < count; i++) {
            rows.add(new double[] {i}, i, i % 3 == 0);
        }
        int stride = (int) Math.round(1 / rows.share());
        assertThat(rows.seen()).isEqualTo(count);
        assertThat(rows.size()).isEqualTo((count + stride - 1) / stride).isLessThanOrEqualTo(most);
        for (int row = 0; row < rows.size(); row++) {
            int i = row * stride;
            assertThat(rows.matrix().value(row, 0)).isEqualTo(i);
            assertThat(rows.time(row)).isEqualTo(i);
            assertThat(rows.fraud(row)).isEqualTo(i % 3 == 0);
        }
    }
}
