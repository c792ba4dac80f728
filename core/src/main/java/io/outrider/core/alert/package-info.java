/**
 * The alert, its receipt and their JSON form on the wire. Depends on {@code event} and on {@code model} for the name of
 * the context in force. Immutable values.
 */
@NullMarked
package io.outrider.core.alert;

import org.jspecify.annotations.NullMarked;
