package io.outrider.core.decision;

import io.outrider.core.account.DecisionState;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LogPosition;
import io.outrider.core.model.Model;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.SplitMix;

/**
 * From scores to alerts: threshold, severity, episodes, review sample, all under the terms frozen in a model. Immutable.
 */
public final class AlertPolicy {

    private final Model model;
    private final PolicyTerms terms;

    public AlertPolicy(Model model) {
        this.model = model;
        this.terms = model.manifest().policy();
    }

    /** Whether these are the terms of this very snapshot. */
    boolean isOf(Model other) {
        return model == other;
    }

    /**
     * How urgent an anomalous score is: by how many times rarer it is, under the calibration, than one at the threshold.
     */
    Severity severity(double raw) {
        double nats = model.manifest().calibration().surprise().at(raw)
                - model.manifest().calibration().surprise().at(terms.rawThreshold());
        if (nats >= StrictMath.log(terms.criticalFactor())) {
            return Severity.CRITICAL;
        }
        if (nats >= StrictMath.log(terms.highFactor())) {
            return Severity.HIGH;
        }
        return nats >= StrictMath.log(terms.mediumFactor()) ? Severity.MEDIUM : Severity.LOW;
    }

    /**
     * The episode that an account's alert belongs to, entered into the account's state: the running one if the last alert
     * lies within the cool-down (event time, on either side, since events may be late), else a new one under the alert's
     * own id. One that comes later than that belongs to the past: it is an episode of its own, and the running one goes on.
     */
    public String enterEpisode(DecisionState state, String alertId, long eventTimeMs) {
        String running = state.episodeId();
        if (running != null
                && Math.abs(eventTimeMs - state.lastAlertTimeMs())
                        <= terms.coolDown().toMillis()) {
            state.continueEpisode(Math.max(eventTimeMs, state.lastAlertTimeMs()));
            return running;
        }
        if (running != null && eventTimeMs < state.lastAlertTimeMs()) {
            state.countPastEpisode();
        } else {
            state.openEpisode(alertId, eventTimeMs);
        }
        return alertId;
    }

    /**
     * Whether a transaction that raised no alert is one of the few to be reviewed all the same, so that what detection
     * misses can be estimated without bias. Depends on the position alone, and so on the id an alert would have had: asked
     * again, or elsewhere, it is the same. Costs a few nanoseconds and no memory.
     */
    public boolean isForReview(LogPosition position) {
        long topicPartition = (long) position.generation().hashCode() << 32 | position.partition();
        long hash = SplitMix.mix(SplitMix.mix(topicPartition) + position.offset());
        return (hash >>> 11) * 0x1.0p-53 < terms.reviewShare();
    }
}
