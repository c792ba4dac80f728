/**
 * Measures how well a method detects: replays a history through the live feature plan, fits on one stretch of it, scores
 * a later one, and reports metrics and plots. Uses core's plan, risk ledger and model trainer, the lake's file reader and
 * {@code fit}; called by the command line. Everything runs in the calling thread unless it says otherwise.
 */
@NullMarked
package io.outrider.training.evaluation;

import org.jspecify.annotations.NullMarked;
