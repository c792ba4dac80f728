package io.outrider.core.alert;

import java.util.HashMap;
import java.util.Map;

/**
 * How alike the reasons of alerts are: the cosine between what the features contributed to each score, where only what moved it
 * up counts. 1 for the same reasons in the same proportions, 0 for none in common. Immutable.
 */
public final class AlertLikeness {

    private final Map<String, Double> reasons;
    private final double length;

    /** Likeness to this alert. */
    public AlertLikeness(Alert alert) {
        this.reasons = reasons(alert);
        this.length = length(reasons);
    }

    /** Between 0 and 1; 0 where one of the two has no reason at all. */
    public double to(Alert other) {
        Map<String, Double> others = reasons(other);
        double both = length * length(others);
        double product = 0;
        for (Map.Entry<String, Double> reason : others.entrySet()) {
            product += reason.getValue() * reasons.getOrDefault(reason.getKey(), 0.0);
        }
        return both > 0 ? Math.min(1, product / both) : 0;
    }

    private static Map<String, Double> reasons(Alert alert) {
        Map<String, Double> reasons = new HashMap<>();
        for (Attribution part : alert.attributions()) {
            if (part.contribution() > 0) {
                reasons.put(part.feature(), part.contribution());
            }
        }
        return reasons;
    }

    private static double length(Map<String, Double> reasons) {
        return Math.sqrt(
                reasons.values().stream().mapToDouble(part -> part * part).sum());
    }
}
