package io.outrider.detection.store;

import com.typesafe.config.Config;
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
        require(writeInterval.toMillis() >= 1, "write-interval", "must be at least 1 ms");
        require(writeRows >= 1, "write-rows", "must be at least 1, is " + writeRows);
        require(
                !retention.isNegative() && (retention.isZero() || retention.toDays() >= 1),
                "retention",
                "must be 0 or at least a day, is " + retention);
        require(copiesBytes >= 1 << 20, "copies", "must be at least 1 MiB, is " + copiesBytes);
        require(threads >= 1, "threads", "must be at least 1, is " + threads);
        require(waiting >= 1, "waiting", "must be at least 1, is " + waiting);
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

    private static void require(boolean holds, String key, String what) {
        if (!holds) {
            throw new IllegalArgumentException(ROOT + key + " " + what);
        }
    }
}
