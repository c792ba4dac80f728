package io.outrider.lake.checkpoint;

/**
 * An account and its encoded state as of a barrier.
 *
 * @param state shared, never changed after construction
 */
public record AccountBytes(String account, byte[] state) {}
