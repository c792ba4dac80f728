package io.outrider.detection;

import com.typesafe.config.Config;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.detection.risk.RiskSettings;
import io.outrider.detection.rollout.RolloutSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Detection's settings, under {@code outrider.detection}, which scored transactions are published, how often a newer
 * merchant-risk table is looked for, and how models come into force; each is explained in {@code reference.conf}.
 */
public record DetectionSettings(
        Duration barrierInterval,
        Duration replyTimeout,
        int inFlight,
        Duration passivateAfter,
        int maxAccountsInMemory,
        Path scratchDir,
        Duration lease,
        int maxDeltas,
        Duration writeRetry,
        Duration buildRetry,
        Duration giveUp,
        Duration claimTimeout,
        Duration queryTimeout,
        int blockingThreads,
        int loadThreads,
        int recentAlerts,
        Duration riskTakeUp,
        ScoredEvents scored,
        RolloutSettings rollout) {

    private static final String ROOT = "outrider.detection.";

    /** What an account in memory takes, generously; see docs/benchmarks.md. */
    private static final long BYTES_PER_ACCOUNT = 8 << 10;

    /** So few that the account answers within seconds, even if all of them are explained. */
    private static final int BATCH_EVENTS = 2_000;

    public DetectionSettings {
        positive("barrier-interval", barrierInterval);
        positive("reply-timeout", replyTimeout);
        positive("in-flight", inFlight);
        positive("passivate-after", passivateAfter);
        positive("max-accounts-in-memory", maxAccountsInMemory);
        positive("lease", lease);
        positive("max-deltas", maxDeltas);
        positive("write-retry", writeRetry);
        positive("build-retry", buildRetry);
        positive("give-up", giveUp);
        positive("claim-timeout", claimTimeout);
        positive("query-timeout", queryTimeout);
        positive("blocking-threads", blockingThreads);
        positive("load-threads", loadThreads);
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
                accountsInMemory(config.getInt("max-accounts-in-memory")),
                scratchDir(config.getString("scratch-dir")),
                config.getDuration("lease"),
                config.getInt("max-deltas"),
                config.getDuration("write-retry"),
                config.getDuration("build-retry"),
                config.getDuration("give-up"),
                config.getDuration("claim-timeout"),
                config.getDuration("query-timeout"),
                config.getInt("blocking-threads"),
                config.getInt("load-threads"),
                config.getInt("recent-alerts"),
                RiskSettings.from(root).takeUpInterval(),
                ScoredEvents.read(root),
                RolloutSettings.from(root));
    }

    RunLimits limits() {
        long idleBarriers = Math.max(1, passivateAfter.toMillis() / Math.max(1, barrierInterval.toMillis()));
        return new RunLimits(
                inFlight,
                BATCH_EVENTS,
                barrierInterval.toMillis(),
                replyTimeout.toMillis(),
                (int) Math.min(Integer.MAX_VALUE, idleBarriers),
                maxAccountsInMemory,
                lease.toMillis(),
                maxDeltas);
    }

    private static int accountsInMemory(int setting) {
        if (setting != 0) {
            return setting;
        }
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_ACCOUNT + 1);
    }

    private static Path scratchDir(String setting) {
        try {
            return Path.of(setting.isBlank() ? System.getProperty("java.io.tmpdir") : setting);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(ROOT + "scratch-dir is no path: " + e.getMessage(), e);
        }
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
