/**
 * Detection's front door: what the composition root creates, wires to the event stream and stops. Behind it stand one
 * {@code partition} actor per claimed partition, one {@code account} entity per account, and {@code alert} for what
 * leaves. Thread-safe.
 */
@NullMarked
package io.outrider.detection;

import org.jspecify.annotations.NullMarked;
