/**
 * How fast a node catches up, and what keeping up costs it, against the limit of the machine. Uses {@code world} and
 * {@code node}.
 */
@NullMarked
package io.outrider.app.bench.throughput;

import org.jspecify.annotations.NullMarked;
