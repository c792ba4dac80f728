package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureMatrixTest {

    private static final int ROWS = 10_000;

    @Test
    void aSliceAndAMatrixOverVectorsHaveTheSameRowsWithoutACopy() {
        FeatureMatrix copied = new FeatureMatrix(2);
        List<double[]> vectors = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            vectors.add(new double[] {row, -row});
            copied.add(vectors.get(row));
        }
        assertRows(copied, 0, ROWS);
        assertRows(FeatureMatrix.over(2, vectors), 0, ROWS);
        assertRows(copied.slice(4_000, 9_000), 4_000, 5_000);
        assertRows(copied.slice(4_000, 9_000).slice(100, 4_500), 4_100, 4_400);
        assertRows(FeatureMatrix.over(2, vectors).slice(7, 7), 7, 0);
        vectors.get(3)[1] = 5;
        assertThat(FeatureMatrix.over(2, vectors).value(3, 1)).isEqualTo(5);
    }

    private static void assertRows(FeatureMatrix rows, int from, int count) {
        assertThat(rows.rows()).isEqualTo(count);
        double[] second = rows.column(1);
        double[] vector = new double[2];
        for (int row = 0; row < count; row++) {
            rows.copyRow(row, vector);
            assertThat(vector).containsExactly(from + row, -from - row);
            assertThat(rows.value(row, 0)).isEqualTo(from + row);
            assertThat(second[row]).isEqualTo(-from - row);
        }
    }

    @Test
    void nothingIsAddedToWhatIsShared() {
        FeatureMatrix rows = new FeatureMatrix(1);
        rows.add(new double[] {1});
        rows.add(new double[] {2});
        double[] more = {3};
        assertThatThrownBy(() -> rows.slice(0, 1).add(more)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> FeatureMatrix.over(1, List.of(more)).add(more))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(rows.value(1, 0)).isEqualTo(2);
        assertThatThrownBy(() -> rows.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> FeatureMatrix.over(2, List.of(more))).hasMessageContaining("vector of 1 values");
    }
}
