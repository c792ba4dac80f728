/**
 * Names under which accounts are known behind the topic where their ids must not be seen: made where records are decoded, so
 * that state, features, alerts and datasets know no others. And the keyed hash that they are made of. Thread-safe.
 */
@NullMarked
package io.outrider.core.pseudonym;

import org.jspecify.annotations.NullMarked;
