package io.outrider.core.decision;

import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.alert.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The full answer to a what-if question.
 *
 * @param score calibrated score in [0, 1]
 * @param anomalous whether the score is at or above the threshold
 * @param severity null unless anomalous
 * @param counterfactual null if there is none, or it is not anomalous
 */
public record Assessment(
        double score,
        double threshold,
        boolean anomalous,
        @Nullable Severity severity,
        String modelVersion,
        List<String> reasons,
        double expectedScore,
        List<Attribution> attributions,
        @Nullable Counterfactual counterfactual) {}
