/**
 * Whether the traffic is still what a model was made for: counts that add up over nodes and hours, and tests of one window of
 * them against what was usual. Plain Java; depends on {@code feature}, {@code model} and {@code decision}. Counts are immutable; the tally is
 * written by many threads.
 */
@NullMarked
package io.outrider.core.drift;

import org.jspecify.annotations.NullMarked;
