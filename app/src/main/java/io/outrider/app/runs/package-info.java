/** The command {@code runs}: batch runs of a running Outrider, over its API. */
@NullMarked
package io.outrider.app.runs;

import org.jspecify.annotations.NullMarked;
