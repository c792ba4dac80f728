package io.outrider.detection;

import com.typesafe.config.Config;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.detection.protocol.RunLimits;
import java.time.Duration;

/**
 * Detection's settings, under {@code outrider.detection}, and which scored transactions are published; each is explained in
 * {@code reference.conf}.
 */
public record DetectionSettings(
        Duration barrierInterval,
        Duration replyTimeout,
        int inFlight,
        Duration passivateAfter,
        int maxDeltas,
        Duration writeRetry,
        Duration giveUp,
        Duration claimTimeout,
        Duration queryTimeout,
        int blockingThreads,
        int recentAlerts,
        ScoredEvents scored) {

    private static final String ROOT = "outrider.detection.";

    public DetectionSettings {
        positive("barrier-interval", barrierInterval);
        positive("reply-timeout", replyTimeout);
        positive("in-flight", inFlight);
        positive("passivate-after", passivateAfter);
        positive("max-deltas", maxDeltas);
        positive("write-retry", writeRetry);
        positive("give-up", giveUp);
        positive("claim-timeout", claimTimeout);
        positive("query-timeout", queryTimeout);
        positive("blocking-threads", blockingThreads);
        positive("recent-alerts", recentAlerts);
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static DetectionSettings from(Config root) {
        Config config = root.getConfig("outrider.detection");
        return new DetectionSettings(
                config.getDuration("barrier-interval"),
                config.getDuration("reply-timeout"),
                config.getInt("in-flight"),
                config.getDuration("passivate-after"),
                config.getInt("max-deltas"),
                config.getDuration("write-retry"),
                config.getDuration("give-up"),
                config.getDuration("claim-timeout"),
                config.getDuration("query-timeout"),
                config.getInt("blocking-threads"),
                config.getInt("recent-alerts"),
                ScoredEvents.read(root));
    }

    RunLimits limits() {
        long idleBarriers = Math.max(1, passivateAfter.toMillis() / Math.max(1, barrierInterval.toMillis()));
        return new RunLimits(
                inFlight,
                barrierInterval.toMillis(),
                replyTimeout.toMillis(),
                (int) Math.min(Integer.MAX_VALUE, idleBarriers),
                maxDeltas);
    }

    private static void positive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(ROOT + key + " must be at least 1 ms, is " + value);
        }
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(ROOT + key + " must be at least 1, is " + value);
        }
    }
}
