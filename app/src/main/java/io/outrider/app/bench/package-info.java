/**
 * Measures this build on the machine it runs on: the whole node on a real broker against the bare minimum of the same
 * work. Everything happens in a directory of its own that is deleted afterwards. A folder for each question, and {@code world} for what
 * they share; called from the command line only.
 */
@NullMarked
package io.outrider.app.bench;

import org.jspecify.annotations.NullMarked;
