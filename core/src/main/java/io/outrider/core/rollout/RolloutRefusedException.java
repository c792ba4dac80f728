package io.outrider.core.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of stages that is not made; the reasons say why, one sentence each. */
public final class RolloutRefusedException extends RuntimeException {

    private final boolean gate;
    private final @Nullable String unknownModel;
    private final transient List<String> reasons;

    private RolloutRefusedException(boolean gate, @Nullable String unknownModel, String message, List<String> reasons) {
        super(message);
        this.gate = gate;
        this.unknownModel = unknownModel;
        this.reasons = List.copyOf(reasons);
    }

    /** The gate speaks against a promotion, which can be forced. */
    public static RolloutRefusedException byGate(PromotionGate.Verdict verdict) {
        return new RolloutRefusedException(
                true,
                null,
                "model " + verdict.modelVersion() + " does not pass the gate: " + String.join("; ", verdict.reasons()),
                verdict.reasons());
    }

    /** It makes no sense as things stand, and cannot be forced. */
    public static RolloutRefusedException because(String reason) {
        return new RolloutRefusedException(false, null, reason, List.of(reason));
    }

    /** There is no such model. */
    public static RolloutRefusedException unknownModel(String version, String plan) {
        String reason = "there is no model " + version + " of plan " + plan;
        return new RolloutRefusedException(false, version, reason, List.of(reason));
    }

    /** Whether it was the gate. */
    public boolean byGate() {
        return gate;
    }

    /** The version that no model has, where it is that. */
    public @Nullable String unknownModel() {
        return unknownModel;
    }

    public List<String> reasons() {
        return reasons;
    }
}
