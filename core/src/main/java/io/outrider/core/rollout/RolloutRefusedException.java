package io.outrider.core.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of stages that is not made; the reasons say why, one sentence each. */
public final class RolloutRefusedException extends RuntimeException {

    private final boolean gate;
    private final @Nullable String unknownModel;
    private final @Nullable Duration retryAfter;
    private final transient List<String> reasons;

    private RolloutRefusedException(
            boolean gate,
            @Nullable String unknownModel,
            @Nullable Duration retryAfter,
            String message,
            List<String> reasons) {
        super(message);
        this.gate = gate;
        this.unknownModel = unknownModel;
        this.retryAfter = retryAfter;
        this.reasons = List.copyOf(reasons);
    }

    /** The gate speaks against a promotion, which can be forced. */
    public static RolloutRefusedException byGate(PromotionGate.Verdict verdict) {
        return byGate(verdict, null, verdict.reasons());
    }

    /**
     * The gate speaks against a promotion, which can be forced; but the stages have changed so lately that no node can have told how
     * the model does yet.
     *
     * @param retryAfter when to ask again
     */
    public static RolloutRefusedException tooEarly(PromotionGate.Verdict verdict, Duration retryAfter) {
        List<String> reasons = new ArrayList<>(verdict.reasons());
        reasons.add("the stages changed a moment ago, and nodes tell within some seconds how it does: ask again in "
                + Math.max(1, retryAfter.toSeconds()) + " s");
        return byGate(verdict, retryAfter, reasons);
    }

    private static RolloutRefusedException byGate(
            PromotionGate.Verdict verdict, @Nullable Duration retryAfter, List<String> reasons) {
        return new RolloutRefusedException(
                true,
                null,
                retryAfter,
                "model " + verdict.modelVersion() + " does not pass the gate: " + String.join("; ", reasons),
                reasons);
    }

    /** It makes no sense as things stand, and cannot be forced. */
    public static RolloutRefusedException because(String reason) {
        return new RolloutRefusedException(false, null, null, reason, List.of(reason));
    }

    /** There is no such model. */
    public static RolloutRefusedException unknownModel(String version, String plan) {
        String reason = "there is no model " + version + " of plan " + plan;
        return new RolloutRefusedException(false, version, null, reason, List.of(reason));
    }

    /** Whether it was the gate. */
    public boolean byGate() {
        return gate;
    }

    /** The version that no model has, where it is that. */
    public @Nullable String unknownModel() {
        return unknownModel;
    }

    /** When to ask again, where it is refused only because that was too early; else null. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public List<String> reasons() {
        return reasons;
    }
}
