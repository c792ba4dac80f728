/**
 * What modules offer one another: interfaces that one module implements and another calls. Plain Java, no I/O library in
 * any signature.
 */
@NullMarked
package io.outrider.core.port;

import org.jspecify.annotations.NullMarked;
