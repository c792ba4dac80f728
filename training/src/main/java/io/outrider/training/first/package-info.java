/**
 * The model that a new installation starts with, fitted on a warmed history without labels. Uses {@code fit}; called by
 * local mode. Runs in the calling thread.
 */
@NullMarked
package io.outrider.training.first;

import org.jspecify.annotations.NullMarked;
