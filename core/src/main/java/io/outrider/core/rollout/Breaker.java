package io.outrider.core.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.setting.Setting;
import java.util.Optional;

/**
 * Says whether a model that has just come into force must leave it again.
 *
 * @param minEvents decisions before the alert rate is judged
 * @param prediction of the alerts it raises
 * @param maxLostRuns new runs of partitions, as a model that throws causes them
 * @param maxSlowShare share of sampled decisions above the limit of latency; in (0, 1]
 */
public record Breaker(long minEvents, PredictedAlerts.Rule prediction, long maxLostRuns, double maxSlowShare) {

    private static final String AT = "outrider.rollout.breaker.";

    /** Decisions whose latency must have been sampled before it is judged. */
    private static final long MIN_TIMED = 50;

    public Breaker {
        Setting.require(minEvents >= 1, AT + "min-events", "must be at least 1: " + minEvents);
        Setting.require(maxLostRuns >= 0, AT + "max-lost-runs", "must not be negative: " + maxLostRuns);
        Setting.require(
                maxSlowShare > 0 && maxSlowShare <= 1, AT + "max-slow-share", "must be in (0, 1]: " + maxSlowShare);
    }

    /**
     * Why the model must go; empty if it may stay.
     *
     * @param decided its decisions since it came into force
     * @param health of all nodes since then
     */
    public Optional<String> trips(ModelManifest model, RolloutCounts.Decided decided, NodeCounts.Health health) {
        long events = decided.events();
        if (events >= minEvents) {
            PredictedAlerts predicted = prediction.of(model, events);
            if (!predicted.holds(decided.alerts())) {
                return Optional.of(decided.alerts() + " alerts on " + events + " transactions, where " + predicted.low()
                        + " to " + predicted.high() + " were predicted");
            }
        }
        if (health.lostRuns() > maxLostRuns) {
            return Optional.of("partitions needed a new run " + health.lostRuns()
                    + " times because a decision failed, and " + maxLostRuns + " are tolerated");
        }
        if (health.timed() >= MIN_TIMED && health.slow() > maxSlowShare * health.timed()) {
            return Optional.of(health.slow() + " of " + health.timed()
                    + " decisions whose latency was sampled were slower than allowed");
        }
        return Optional.empty();
    }
}
