/**
 * How soon an alert follows its event, with and without other work beside, and to how many readers. Uses {@code
 * world} and {@code node}.
 */
@NullMarked
package io.outrider.app.bench.latency;

import org.jspecify.annotations.NullMarked;
