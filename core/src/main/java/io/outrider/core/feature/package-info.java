/**
 * The feature plan and the account's rolling feature state, a pure fold of the log. The one implementation of features:
 * live detection, batch, backtest and what-if all call it. Depends on {@code event} and {@code risk}. A plan is immutable and shared; a
 * state belongs to one thread.
 */
@NullMarked
package io.outrider.core.feature;

import org.jspecify.annotations.NullMarked;
