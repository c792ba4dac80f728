/**
 * Counters and latency of the live path, cheap enough to update per event; read by the HTTP side. Thread-safe.
 */
@NullMarked
package io.outrider.core.telemetry;

import org.jspecify.annotations.NullMarked;
