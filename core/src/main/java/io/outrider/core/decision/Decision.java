package io.outrider.core.decision;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.ScoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on one transaction.
 *
 * @param alert null unless it is anomalous
 * @param review whether it raised no alert and is one of the few to be reviewed all the same
 * @param scored the score with its vector; null unless it is to be published
 */
public record Decision(
        @Nullable Alert alert, boolean review, @Nullable ScoredEvent scored) {

    /** Most decisions: nothing to tell anyone. */
    static final Decision ORDINARY = new Decision(null, false, null);
}
