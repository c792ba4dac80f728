package io.outrider.core.rollout;

import org.jspecify.annotations.Nullable;

/** What can be asked of the rollout. */
public sealed interface RolloutChange {

    /** The model becomes champion; where {@code forced}, whatever the gate says. */
    record Promote(String version, boolean forced) implements RolloutChange {}

    /**
     * Undoes the last step that put a model in force; refused where that would take another than the given one out of force. Null:
     * whichever it is.
     */
    record Rollback(@Nullable String version) implements RolloutChange {}

    /** The model is taken out of force. */
    record TakeOut(String version) implements RolloutChange {}

    /** The model becomes challenger; null ends the comparison. */
    record Shadow(@Nullable String version) implements RolloutChange {}

    /** The challenger is compared no more, and archived. */
    record GiveUp(String version) implements RolloutChange {}

    /** The model decides for a share of the accounts. */
    record Canary(String version, double share) implements RolloutChange {}
}
