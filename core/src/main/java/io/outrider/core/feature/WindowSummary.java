package io.outrider.core.feature;

import java.time.Duration;

/**
 * What an account did within one rolling window that ends at its newest event.
 *
 * @param mean mean amount, NaN when the count is 0
 */
public record WindowSummary(Duration window, long count, double sum, double mean) {}
