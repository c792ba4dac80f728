/**
 * What was decided of a transaction long ago, out of the lake: its features from the newest dataset, the context from the partition's
 * history, the score from the model that this names. What no dataset has yet is looked for in the Capture files behind it.
 */
@NullMarked
package io.outrider.training.past;

import org.jspecify.annotations.NullMarked;
