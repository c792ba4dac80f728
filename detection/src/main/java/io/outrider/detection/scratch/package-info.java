/**
 * Accounts out of memory, in a file per run on the node's own disk: their memory is an index entry each. Implements
 * {@code PassiveAccounts} of the neighbouring {@code protocol}. Nothing here outlives its run; what is durable is in the
 * lake.
 */
@NullMarked
package io.outrider.detection.scratch;

import org.jspecify.annotations.NullMarked;
