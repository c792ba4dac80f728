/**
 * From a transaction to a verdict: the context in force, the detector, the alert policy and the words that explain it.
 * Depends on {@code event}, {@code feature}, {@code model}, {@code risk}, {@code alert} and {@code account}. A
 * detector belongs to one thread; contexts are immutable and shared.
 */
@NullMarked
package io.outrider.core.decision;

import org.jspecify.annotations.NullMarked;
