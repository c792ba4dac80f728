package io.outrider.core.model;

import java.time.Duration;

/**
 * What turns scores into alerts, frozen with the model so that a decision taken again is the same.
 *
 * @param rawThreshold raw score from which on a transaction is anomalous
 * @param coolDown how long after an alert the account's next one joins its episode, in event time; not negative
 * @param mediumFactor how many times rarer than the threshold a score is from medium severity on; above 1
 * @param highFactor the same for high severity; above the medium one
 * @param criticalFactor the same for critical severity; above the high one
 * @param reviewShare share of the transactions that raise no alert to be marked for review, in [0, 1]
 */
public record PolicyTerms(
        double rawThreshold,
        Duration coolDown,
        double mediumFactor,
        double highFactor,
        double criticalFactor,
        double reviewShare) {

    public PolicyTerms {
        if (Double.isNaN(rawThreshold)) {
            throw new IllegalArgumentException("the threshold is not a number");
        }
        if (coolDown.isNegative()) {
            throw new IllegalArgumentException("outrider.alert.cool-down must not be negative: " + coolDown);
        }
        if (!(1 < mediumFactor && mediumFactor < highFactor && highFactor < criticalFactor)) {
            throw new IllegalArgumentException("outrider.alert.severity factors must ascend from above 1: "
                    + mediumFactor + ", " + highFactor + ", " + criticalFactor);
        }
        if (!(reviewShare >= 0 && reviewShare <= 1)) {
            throw new IllegalArgumentException("outrider.alert.review-share must be in [0, 1]: " + reviewShare);
        }
    }
}
