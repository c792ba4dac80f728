/**
 * How events become states, alerts and checkpoints exactly once, as plain state machines: {@link PartitionRun} for a
 * partition, {@link AccountCell} for an account, and the messages between them. No actor, no I/O, no clock: time comes
 * in as an argument, effects go out through {@link PartitionEffects}. The actors of the neighbouring packages host
 * these classes; a simulation can do so as well. Each object belongs to one thread; messages are immutable.
 */
@NullMarked
package io.outrider.detection.protocol;

import org.jspecify.annotations.NullMarked;
