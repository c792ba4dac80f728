package io.outrider.core.feature;

import java.time.Duration;

/**
 * What an account did within one stretch of time, as its rolling windows keep it.
 *
 * @param window length of the window that the stretch is a bucket of
 * @param startMs first event time that counts, milliseconds since the epoch
 * @param endMs one past the last
 * @param count events, at least 1
 * @param sum of their amounts
 */
public record Spending(Duration window, long startMs, long endMs, long count, double sum) {}
