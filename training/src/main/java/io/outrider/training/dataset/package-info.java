/**
 * Datasets in the lake: numbered versions of a table of events with their features, each told by one manifest, never changed
 * once published. Who makes them is {@code training.etl}; who trains reads them here.
 */
@NullMarked
package io.outrider.training.dataset;

import org.jspecify.annotations.NullMarked;
