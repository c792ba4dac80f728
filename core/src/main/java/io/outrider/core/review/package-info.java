/**
 * How well detection does, by what people said of its alerts and of the review sample, and which of them are worth a look next.
 * Plain arithmetic over values; depends on {@code alert} and {@code event}.
 */
@NullMarked
package io.outrider.core.review;

import org.jspecify.annotations.NullMarked;
