/**
 * Supervised ensembles: gradient boosting over binned columns, grown from labelled rows into core's {@code TreeEnsemble}.
 * Called by {@code evaluation}; knows vectors and labels, not events. A fit is deterministic from its seed and belongs to one thread.
 */
@NullMarked
package io.outrider.training.supervised;

import org.jspecify.annotations.NullMarked;
