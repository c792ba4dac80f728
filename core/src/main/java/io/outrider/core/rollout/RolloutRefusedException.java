package io.outrider.core.rollout;

import java.util.List;

/** A change of stages that is not made; the reasons say why, one sentence each. */
public final class RolloutRefusedException extends RuntimeException {

    private final boolean gate;
    private final transient List<String> reasons;

    private RolloutRefusedException(boolean gate, String message, List<String> reasons) {
        super(message);
        this.gate = gate;
        this.reasons = List.copyOf(reasons);
    }

    /** The gate speaks against a promotion, which can be forced. */
    public static RolloutRefusedException byGate(PromotionGate.Verdict verdict) {
        return new RolloutRefusedException(
                true,
                "model " + verdict.modelVersion() + " does not pass the gate: " + String.join("; ", verdict.reasons()),
                verdict.reasons());
    }

    /** It makes no sense as things stand, and cannot be forced. */
    public static RolloutRefusedException because(String reason) {
        return new RolloutRefusedException(false, reason, List.of(reason));
    }

    /** Whether it was the gate. */
    public boolean byGate() {
        return gate;
    }

    public List<String> reasons() {
        return reasons;
    }
}
