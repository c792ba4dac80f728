/**
 * Which accounts were erased, without their names: requests, in which accounts stand under a keyed hash, and the list
 * that says of a record whether it is to be left out. Plain values; {@code lake} keeps them, {@code detection}, {@code
 * training} and the API ask them. Thread-safe.
 */
@NullMarked
package io.outrider.core.erasure;

import org.jspecify.annotations.NullMarked;
