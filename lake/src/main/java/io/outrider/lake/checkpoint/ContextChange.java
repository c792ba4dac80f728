package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;

/**
 * A context that came into force.
 *
 * @param offset the first record decided under it
 * @param context the context
 */
public record ContextChange(long offset, ContextRef context) {}
