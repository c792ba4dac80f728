package io.outrider.training.etl;

import io.outrider.training.dataset.ColumnQuality;
import io.outrider.training.dataset.Quality;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the quality report of a partition's rows together. For one thread. */
final class QualityCount {

    private final List<String> columns;
    private final long[] nulls;
    private final double[] min;
    private final double[] max;
    private long rows;
    private long late;
    private long staleRisk;

    /** Nothing counted yet. */
    QualityCount(List<String> columns) {
        this.columns = columns;
        this.nulls = new long[columns.size()];
        this.min = new double[columns.size()];
        this.max = new double[columns.size()];
        Arrays.fill(min, Double.POSITIVE_INFINITY);
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
    }

    void staleRisk() {
        staleRisk++;
    }

    /** Counts a row; NaN stands for no value. */
    void row(double[] numbers, boolean isLate) {
        rows++;
        late += isLate ? 1 : 0;
        for (int i = 0; i < numbers.length; i++) {
            if (Double.isNaN(numbers[i])) {
                nulls[i]++;
            } else {
                min[i] = Math.min(min[i], numbers[i]);
                max[i] = Math.max(max[i], numbers[i]);
            }
        }
    }

    Quality report() {
        Map<String, ColumnQuality> qualities = new LinkedHashMap<>();
        for (int i = 0; i < nulls.length; i++) {
            boolean any = nulls[i] < rows;
            qualities.put(
                    columns.get(i),
                    new ColumnQuality(nulls[i], any ? (Double) min[i] : null, any ? (Double) max[i] : null));
        }
        return new Quality(rows, Map.of(), 0, 0, late, staleRisk, qualities);
    }
}
