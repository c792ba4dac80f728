package io.outrider.training.dataset;

import org.jspecify.annotations.Nullable;

/**
 * What a column of numbers holds.
 *
 * @param nulls rows without a value
 * @param min smallest value; null if no row has one
 * @param max largest value; null if no row has one
 */
public record ColumnQuality(
        long nulls, @Nullable Double min, @Nullable Double max) {

    ColumnQuality plus(ColumnQuality other) {
        return new ColumnQuality(nulls + other.nulls, least(min, other.min), greatest(max, other.max));
    }

    private static @Nullable Double least(@Nullable Double a, @Nullable Double b) {
        return a == null || (b != null && b < a) ? b : a;
    }

    private static @Nullable Double greatest(@Nullable Double a, @Nullable Double b) {
        return a == null || (b != null && b > a) ? b : a;
    }
}
