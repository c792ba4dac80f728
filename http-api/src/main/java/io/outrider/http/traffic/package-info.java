/**
 * Manners of every request and answer, whatever it is about: how many, how large, asked again, unchanged since, from another
 * origin. {@code io.outrider.http} puts them in front of all routes. Thread-safe.
 */
@NullMarked
package io.outrider.http.traffic;

import org.jspecify.annotations.NullMarked;
