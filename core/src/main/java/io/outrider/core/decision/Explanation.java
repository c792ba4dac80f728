package io.outrider.core.decision;

import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a score is what it is.
 *
 * @param attributions of all features that moved the score, the weightiest first
 */
record Explanation(
        double expectedScore,
        List<Attribution> attributions,
        List<String> reasons,
        @Nullable Counterfactual counterfactual) {}
