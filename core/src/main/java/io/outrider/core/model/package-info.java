/**
 * Models: isolation forest, tree ensembles in flat arrays, calibration, attribution, and the manifest that describes a
 * model. Knows vectors, not events. Models are immutable and shared between threads.
 */
@NullMarked
package io.outrider.core.model;

import org.jspecify.annotations.NullMarked;
