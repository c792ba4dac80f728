/**
 * Which accounts were erased, without their names: requests, the keyed hash that accounts stand under in them, and the list
 * that says of a record whether it is to be left out. Plain values; {@code lake} keeps them, {@code detection}, {@code
 * training} and the API ask them. Thread-safe.
 */
@NullMarked
package io.outrider.core.erasure;

import org.jspecify.annotations.NullMarked;
