/**
 * Where spans come from, in OpenTelemetry's API alone, and which of the stream's records have any. Other modules begin and
 * end them; what exports them is wired at the composition root. Thread-safe.
 */
@NullMarked
package io.outrider.core.trace;

import org.jspecify.annotations.NullMarked;
