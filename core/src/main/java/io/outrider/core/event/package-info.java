/**
 * Events and how they are read: the transaction, its JSON decoder, the named reasons why an event can be bad, and the
 * groups of events that one partition hands on. Depends on nothing of ours. Immutable values; a decoder belongs to one thread.
 */
@NullMarked
package io.outrider.core.event;

import org.jspecify.annotations.NullMarked;
