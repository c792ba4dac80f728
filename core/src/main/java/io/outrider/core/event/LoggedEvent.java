package io.outrider.core.event;

/**
 * An accepted transaction with its place in its partition's log.
 *
 * @param offset offset within the partition
 * @param appendTimeMs log append time, milliseconds since the epoch
 */
public record LoggedEvent(long offset, long appendTimeMs, Transaction transaction) {}
