/**
 * Errors as RFC 9457 problem documents: the value, the exception that carries one, and the handlers that turn whatever
 * goes wrong (in a route, in routing, in parsing a request) into one. Thread-safe.
 */
@NullMarked
package io.outrider.http.problem;

import org.jspecify.annotations.NullMarked;
