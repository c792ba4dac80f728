package io.outrider.core.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of stages, as it stands in the audit trail for ever.
 *
 * @param revision that it led to
 * @param at when
 * @param by who asked for it: a person, "the breaker", "the gate", "the rollout watch"
 * @param action what was done
 * @param modelVersion the model it was done to; of a rollback, the one that was taken out of force
 * @param share of a canary; null otherwise
 * @param reason why, in a sentence
 */
public record StageEntry(
        long revision,
        Instant at,
        String by,
        Action action,
        String modelVersion,
        @Nullable Double share,
        String reason) {

    /** What can be done to a model. */
    public enum Action {
        /** The lake's first model is in force. */
        BEGIN,
        /** It becomes champion. */
        PROMOTE,
        /** The same, though the gate spoke against it. */
        FORCE,
        /** It is taken out of force, and what was in force before is again. */
        ROLLBACK,
        /** It becomes challenger. */
        SHADOW,
        /** It is challenger no more. */
        END_SHADOW,
        /** It decides for a share of the accounts. */
        CANARY
    }
}
