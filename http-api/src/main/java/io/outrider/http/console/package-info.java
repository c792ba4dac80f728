/**
 * Serves the operations console: plain ES modules and styles from the class path, no build step. Knows nothing of the
 * rest; the page talks to the API like any other client. Thread-safe.
 */
@NullMarked
package io.outrider.http.console;

import org.jspecify.annotations.NullMarked;
