package io.outrider.training.supervisor;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * How runs of one kind are supervised.
 *
 * @param schedule when they are due; empty: only when asked for
 * @param catchUp whether a firing that nobody was there for is made up for, once, however many there were
 * @param timeout how long a run may take from its first attempt's beginning, pauses between attempts included
 * @param attempts most attempts of a run
 * @param driftInterval least time between two runs that drift has asked for
 */
record KindSettings(
        Optional<Schedule> schedule, boolean catchUp, Duration timeout, int attempts, Duration driftInterval) {

    /** What says when a run is due by itself. */
    private static final List<String> OF_SCHEDULE = List.of("cron", "zone", "missed-runs", "drift-interval");

    /** @param path where they stand, for errors */
    static KindSettings from(Config kind, String path) {
        KindSettings settings =
                kind.hasPath("on-request") && kind.getBoolean("on-request") ? onRequest(kind, path) : due(kind, path);
        Setting.require(
                settings.timeout.toMillis() >= 1_000, path + ".timeout", "must be at least 1 s: " + settings.timeout);
        Setting.require(settings.attempts >= 1, path + ".attempts", "must be at least 1: " + settings.attempts);
        Setting.require(
                !settings.driftInterval.isNegative(),
                path + ".drift-interval",
                "must not be negative: " + settings.driftInterval);
        return settings;
    }

    private static KindSettings due(Config kind, String path) {
        String missed = kind.getString("missed-runs");
        Setting.require(missed.matches("run-once|skip"), path + ".missed-runs", "must be run-once or skip: " + missed);
        return new KindSettings(
                schedule(kind.getString("cron"), kind.getString("zone"), path),
                missed.equals("run-once"),
                kind.getDuration("timeout"),
                kind.getInt("attempts"),
                kind.getDuration("drift-interval"));
    }

    private static KindSettings onRequest(Config kind, String path) {
        for (String key : OF_SCHEDULE) {
            Setting.require(
                    !kind.hasPath(key),
                    path + "." + key,
                    "has no meaning: such runs are only asked for, by whoever says what they are to do");
        }
        return new KindSettings(
                Optional.empty(), false, kind.getDuration("timeout"), kind.getInt("attempts"), Duration.ZERO);
    }

    private static Optional<Schedule> schedule(String cron, String zone, String path) {
        if (cron.isBlank()) {
            return Optional.empty();
        }
        ZoneId id;
        try {
            id = ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(path + ".zone: must be a time zone such as Europe/Berlin: " + zone, e);
        }
        try {
            return Optional.of(new Schedule(cron.strip(), id));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    path + ".cron: must be five cron fields or empty: '" + cron + "' (" + e.getMessage() + ")", e);
        }
    }
}
