package io.outrider.detection.store;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/**
 * The alert store's settings, under {@code outrider.alert-store}; each is explained in {@code reference.conf}.
 *
 * @param retention zero: kept for ever
 * @param copiesBytes room on a node's disk for copies of files
 */
public record StoreSettings(
        Duration writeInterval, int writeRows, Duration retention, long copiesBytes, int threads, int waiting) {

    private static final String ROOT = "outrider.alert-store.";

    public StoreSettings {
        Setting.require(
                writeInterval.toMillis() >= 1, ROOT + "write-interval", "must be at least 1 ms: " + writeInterval);
        Setting.require(writeRows >= 1, ROOT + "write-rows", "must be at least 1: " + writeRows);
        Setting.require(
                !retention.isNegative() && (retention.isZero() || retention.toDays() >= 1),
                ROOT + "retention",
                "must be 0 or at least a day: " + retention);
        Setting.require(copiesBytes >= 1 << 20, ROOT + "copies", "must be at least 1 MiB: " + copiesBytes);
        Setting.require(threads >= 1, ROOT + "threads", "must be at least 1: " + threads);
        Setting.require(waiting >= 1, ROOT + "waiting", "must be at least 1: " + waiting);
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static StoreSettings from(Config root) {
        Config store = root.getConfig("outrider.alert-store");
        return new StoreSettings(
                store.getDuration("write-interval"),
                store.getInt("write-rows"),
                store.getDuration("retention"),
                store.getBytes("copies"),
                store.getInt("threads"),
                store.getInt("waiting"));
    }
}
