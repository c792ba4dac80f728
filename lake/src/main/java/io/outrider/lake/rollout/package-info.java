/**
 * What nodes have counted of models, at rest: one file a node process, read and summed by whoever wants to know. Depends on
 * {@code core.rollout} and {@code core.port}. Thread-safe; calls block.
 */
@NullMarked
package io.outrider.lake.rollout;

import org.jspecify.annotations.NullMarked;
