package io.outrider.ingestion.kafka;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/** How the live path's consumer polls, groups, commits and restarts ({@code outrider.kafka.consumer}). */
public record ConsumerTuning(
        Duration pollInterval,
        Duration pollTimeout,
        Duration fetchMaxWait,
        Duration gatherTime,
        int maxPollRecords,
        int maxGatheredEvents,
        Duration sessionTimeout,
        Duration revokeGrace,
        Duration commitInterval,
        Duration restartMin,
        Duration restartMax) {

    private static final String AT = "outrider.kafka.consumer.";

    /** With this many, an account's events travel together even where there are tens of thousands of accounts. */
    private static final int ENOUGH_GATHERED = 200_000;

    private static final int BYTES_PER_EVENT = 500;

    public ConsumerTuning {
        Setting.require(pollInterval.toMillis() >= 1, AT + "poll-interval", "must be at least 1 ms: " + pollInterval);
        Setting.require(!pollTimeout.isNegative(), AT + "poll-timeout", "must not be negative: " + pollTimeout);
        Setting.require(fetchMaxWait.toMillis() >= 1, AT + "fetch-max-wait", "must be at least 1 ms: " + fetchMaxWait);
        Setting.require(
                !gatherTime.isNegative() && gatherTime.toMillis() <= 100,
                AT + "gather-time",
                "must be 0 to 100 ms: " + gatherTime);
        Setting.require(maxPollRecords >= 1, AT + "max-poll-records", "must be at least 1: " + maxPollRecords);
        Setting.require(
                maxGatheredEvents >= 1, AT + "max-gathered-events", "must not be negative: " + maxGatheredEvents);
        Setting.require(
                sessionTimeout.toMillis() >= 6_000, AT + "session-timeout", "must be at least 6 s: " + sessionTimeout);
        Setting.require(!revokeGrace.isNegative(), AT + "revoke-grace", "must not be negative: " + revokeGrace);
        Setting.require(
                commitInterval.toMillis() >= 250, AT + "commit-interval", "must be at least 250 ms: " + commitInterval);
        Setting.require(restartMin.toMillis() >= 1, AT + "restart-min", "must be at least 1 ms: " + restartMin);
        Setting.require(
                restartMax.compareTo(restartMin) >= 0,
                AT + "restart-max",
                "must not be below restart-min: " + restartMax);
    }

    static ConsumerTuning from(Config consumer) {
        return new ConsumerTuning(
                consumer.getDuration("poll-interval"),
                consumer.getDuration("poll-timeout"),
                consumer.getDuration("fetch-max-wait"),
                consumer.getDuration("gather-time"),
                consumer.getInt("max-poll-records"),
                gatheredEvents(consumer.getInt("max-gathered-events")),
                consumer.getDuration("session-timeout"),
                consumer.getDuration("revoke-grace"),
                consumer.getDuration("commit-interval"),
                consumer.getDuration("restart-min"),
                consumer.getDuration("restart-max"));
    }

    /** The pause after one that was of no use. */
    Duration longerPause(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(restartMax) > 0 ? restartMax : doubled;
    }

    private static int gatheredEvents(int setting) {
        if (setting != 0) {
            return setting;
        }
        long fit = Runtime.getRuntime().maxMemory() / 10 / BYTES_PER_EVENT + 1;
        return (int) Math.min(ENOUGH_GATHERED, fit);
    }
}
