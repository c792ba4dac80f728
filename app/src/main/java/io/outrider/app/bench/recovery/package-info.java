/**
 * How long a node takes to serve many accounts, and what they take of its memory. Uses {@code world} and {@code
 * node}.
 */
@NullMarked
package io.outrider.app.bench.recovery;

import org.jspecify.annotations.NullMarked;
