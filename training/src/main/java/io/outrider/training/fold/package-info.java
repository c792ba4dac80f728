/**
 * Folds a history in one thread, as the plainest possible check on the sharded, checkpointed live path. Uses core's feature
 * plan and the lake's file reader; called by the command line and by recovery tests.
 */
@NullMarked
package io.outrider.training.fold;

import org.jspecify.annotations.NullMarked;
