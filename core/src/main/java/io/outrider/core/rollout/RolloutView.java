package io.outrider.core.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rollout as it stands.
 *
 * @param automatic whether challengers are found and promoted without being asked for
 * @param champion how the champion does, since it is that beside these others
 * @param canary how the canary does; null without one
 * @param shadow how the challenger compares; null without one
 * @param labels what people said of what the two alert on; null without one, or where labels cannot be read
 * @param gate what the gate says of the challenger; null without one
 * @param canaryGate what it says of the canary; null without one
 */
public record RolloutView(
        ModelStages stages,
        boolean automatic,
        Rate champion,
        @Nullable Rate canary,
        @Nullable ShadowReport shadow,
        @Nullable LabelReport labels,
        PromotionGate.@Nullable Verdict gate,
        PromotionGate.@Nullable Verdict canaryGate) {

    /**
     * Decisions of a model against what was predicted.
     *
     * @param scores by {@link ScoreBins}
     */
    public record Rate(String modelVersion, long events, long alerts, PredictedAlerts predicted, List<Long> scores) {}
}
