package io.outrider.core.rollout;

import org.jspecify.annotations.Nullable;

/** What can be asked of the rollout. */
public sealed interface RolloutChange {

    /** The model becomes champion; where {@code forced}, whatever the gate says. */
    record Promote(String version, boolean forced) implements RolloutChange {}

    /** The last step that put a model in force is undone. */
    record Rollback() implements RolloutChange {}

    /** The model becomes challenger; null ends the comparison. */
    record Shadow(@Nullable String version) implements RolloutChange {}

    /** The model decides for a share of the accounts. */
    record Canary(String version, double share) implements RolloutChange {}
}
