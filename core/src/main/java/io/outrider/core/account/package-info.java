/**
 * An account's whole state (its features, and what decisions left behind) and what the outside may see of it. Depends on
 * {@code feature}. A state belongs to one thread; views are immutable.
 */
@NullMarked
package io.outrider.core.account;

import org.jspecify.annotations.NullMarked;
