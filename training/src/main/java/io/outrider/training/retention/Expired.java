package io.outrider.training.retention;

/**
 * A blob that is to go.
 *
 * @param what what it is of: {@code raw}, {@code datasets}, {@code models} or {@code undelivered}
 * @param name the blob's
 */
public record Expired(String what, String name, long sizeBytes) {}
