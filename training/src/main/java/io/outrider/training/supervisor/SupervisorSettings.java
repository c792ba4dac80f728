package io.outrider.training.supervisor;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The supervisor's settings, {@code outrider.supervisor}; {@code reference.conf} says what each means.
 *
 * @param shareBesideDetection share of its time that a job works on a node that also decides transactions, above 0 to 1
 * @param kinds by kind of run
 */
public record SupervisorSettings(
        int history,
        Duration tick,
        Duration heartbeat,
        Duration lostAfter,
        Duration stopGrace,
        Duration missedAfter,
        Duration answerLimit,
        Duration restartFirst,
        Duration restartLongest,
        Backoff backoff,
        double shareBesideDetection,
        Map<String, KindSettings> kinds) {

    private static final String PATH = "outrider.supervisor.";

    public SupervisorSettings {
        kinds = Map.copyOf(kinds);
        Setting.require(history >= 10, PATH + "history", "must be at least 10: " + history);
        positive("tick", tick);
        positive("heartbeat", heartbeat);
        Setting.require(
                lostAfter.compareTo(heartbeat.multipliedBy(3)) >= 0,
                PATH + "lost-after",
                "must be at least three times heartbeat: " + lostAfter);
        positive("stop-grace", stopGrace);
        positive("missed-after", missedAfter);
        positive("answer-limit", answerLimit);
        positive("restart.first", restartFirst);
        Setting.require(
                restartLongest.compareTo(restartFirst) >= 0,
                PATH + "restart.longest",
                "must be at least restart.first: " + restartLongest);
        Setting.require(
                shareBesideDetection > 0 && shareBesideDetection <= 1,
                PATH + "share-beside-detection",
                "must be above 0 and at most 1: " + shareBesideDetection);
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static SupervisorSettings from(Config root) {
        Config config = root.getConfig("outrider.supervisor");
        Map<String, KindSettings> kinds = new TreeMap<>();
        for (String kind : config.getObject("kinds").keySet()) {
            String path = "kinds." + kind;
            kinds.put(kind, KindSettings.from(config.getConfig(path), PATH + path));
        }
        return new SupervisorSettings(
                config.getInt("history"),
                config.getDuration("tick"),
                config.getDuration("heartbeat"),
                config.getDuration("lost-after"),
                config.getDuration("stop-grace"),
                config.getDuration("missed-after"),
                config.getDuration("answer-limit"),
                config.getDuration("restart.first"),
                config.getDuration("restart.longest"),
                backoff(config.getConfig("retry")),
                config.getDouble("share-beside-detection"),
                kinds);
    }

    /** How runs of a kind are supervised; IllegalArgumentException if no setting says so. */
    KindSettings kind(String kind) {
        KindSettings settings = kinds.get(kind);
        if (settings == null) {
            throw new IllegalArgumentException(PATH + "kinds." + kind + ": is missing");
        }
        return settings;
    }

    KindSupervision.Limits limits() {
        return new KindSupervision.Limits(lostAfter, stopGrace, missedAfter, backoff);
    }

    private static Backoff backoff(Config retry) {
        try {
            return new Backoff(
                    retry.getDuration("first"),
                    retry.getDuration("longest"),
                    retry.getDouble("jitter"),
                    retry.getLong("seed"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PATH + "retry: " + e.getMessage(), e);
        }
    }

    private static void positive(String key, Duration value) {
        Setting.require(value.toMillis() >= 1, PATH + key, "must be at least 1 ms: " + value);
    }
}
