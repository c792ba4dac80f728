/**
 * How a model comes into force and leaves it: stages of models, the gate before promotion, the breaker behind it, and what
 * nodes count to compare models. Plain Java; depends on {@code model}, {@code decision} and {@code event}. Stages are
 * immutable; tallies are written by many threads.
 */
@NullMarked
package io.outrider.core.rollout;

import org.jspecify.annotations.NullMarked;
