/**
 * Fits models on rows of a replayed history: keeps bounded samples of the rows, fits without or with labels, calibrates and
 * places the threshold on later rows. Uses core's model trainer and {@code supervised}; used by {@code evaluation} and
 * {@code first}. Runs in the calling thread; a supervised fit takes a second one.
 */
@NullMarked
package io.outrider.training.fit;

import org.jspecify.annotations.NullMarked;
