package io.outrider.core.decision;

import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ContextRef} with what it names loaded: immutable, shared by all entities of a node.
 *
 * @param model the champion
 * @param challenger scores what the others decide; null for none, and where it cannot be loaded: no decision depends on it
 * @param canary decides for the accounts of {@link ContextRef#canary}; null for none
 */
public record DetectionContext(
        ContextRef ref,
        Model model,
        MerchantRisk risk,
        @Nullable Model challenger,
        @Nullable Model canary) {

    public DetectionContext {
        if ((ref.challengerVersion() == null && challenger != null) || (ref.canary() == null) != (canary == null)) {
            throw new IllegalArgumentException("context " + ref + " is not what is loaded");
        }
    }

    /** One model for all. */
    public DetectionContext(ContextRef ref, Model model, MerchantRisk risk) {
        this(ref, model, risk, null, null);
    }

    /** The model that decides for an account. */
    public Model modelFor(String account) {
        Model other = canary;
        Canary share = ref.canary();
        return other != null && share != null && share.takes(account) ? other : model;
    }
}
