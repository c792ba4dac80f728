package io.outrider.core.drift;

/**
 * What was counted over some time.
 *
 * @param historyMs how much history lay behind accounts and merchants when it began, in milliseconds; negative if it began
 *     before that, and if not all of its events were counted
 */
public record Period(DriftCounts counts, long historyMs) {}
