/**
 * Who may do what: the one table of operations and roles, the callers' tokens, and the gate that holds one against the
 * other before any route sees the request. Neighbours: {@code io.outrider.http} wires it in front of all routes. Thread-safe.
 */
@NullMarked
package io.outrider.http.access;

import org.jspecify.annotations.NullMarked;
