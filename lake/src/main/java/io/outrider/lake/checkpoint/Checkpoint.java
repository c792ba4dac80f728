package io.outrider.lake.checkpoint;

import io.outrider.core.model.ContextRef;

/**
 * What a closed barrier makes durable.
 *
 * @param barrier its number, one above the manifest's
 * @param nextOffset all records below are in the states
 * @param context what is in force behind the barrier
 * @param complete whether {@code accounts} are all of the partition, to become the new base, or only those changed
 *     since the last barrier
 * @param accounts their states as of the barrier
 */
public record Checkpoint(long barrier, long nextOffset, ContextRef context, boolean complete, AccountStream accounts) {}
