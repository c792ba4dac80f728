/**
 * How fast datasets are made and models fitted, and on how much memory. Uses {@code world} for made-up events, and
 * {@code training}.
 */
@NullMarked
package io.outrider.app.bench.training;

import org.jspecify.annotations.NullMarked;
