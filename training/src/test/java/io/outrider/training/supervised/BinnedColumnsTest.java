package io.outrider.training.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.pace.Pace;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BinnedColumnsTest {

    @Property
    void aBinIsAtOrBelowACutExactlyWhenItsValueIs(@ForAll @Size(min = 1, max = 2000) float[] values) {
        FeatureMatrix rows = new FeatureMatrix(1);
        for (float value : values) {
            rows.add(new double[] {value});
        }
        BinnedColumns binned = BinnedColumns.of(rows, new int[] {0}, Pace.FULL);
        for (int row = 0; row < values.length; row++) {
            int bin = binned.column(0)[row] & 0xFF;
            if (Float.isNaN(values[row])) {
                assertThat(bin).isEqualTo(BinnedColumns.MISSING);
                continue;
            }
            assertThat(bin).isLessThan(BinnedColumns.MISSING);
            for (int cut = 0; cut < binned.cuts(0); cut++) {
                assertThat(bin <= cut).isEqualTo(values[row] <= binned.cut(0, cut));
            }
        }
    }

    @Test
    void keepsFewValuesApart() {
        FeatureMatrix rows = new FeatureMatrix(1);
        for (int i = 0; i < 10_000; i++) {
            rows.add(new double[] {i < 9_998 ? 0 : i});
        }
        BinnedColumns binned = BinnedColumns.of(rows, new int[] {0}, Pace.FULL);
        assertThat(binned.column(0)[9_998]).isNotEqualTo(binned.column(0)[0]);
    }
}
