/**
 * Runs of batch jobs as values: what was asked for, how far it is, how it ended. Made by training's supervisor, shown by
 * the API. Immutable.
 */
@NullMarked
package io.outrider.core.run;

import org.jspecify.annotations.NullMarked;
