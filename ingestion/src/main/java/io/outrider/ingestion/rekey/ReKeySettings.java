package io.outrider.ingestion.rekey;

import com.typesafe.config.Config;
import java.time.Duration;

/** The re-keying stage ({@code outrider.rekey}). */
public record ReKeySettings(String groupId, Duration commitInterval, Duration settle) {

    public ReKeySettings {
        require(!groupId.isBlank(), "group-id", "must not be empty");
        require(commitInterval.toMillis() >= 250, "commit-interval", "must be at least 250 ms: " + commitInterval);
        require(!settle.isNegative(), "settle", "must not be negative: " + settle);
    }

    /** Reads {@code outrider.rekey} of the whole configuration. */
    public static ReKeySettings from(Config root) {
        Config rekey = root.getConfig("outrider.rekey");
        return new ReKeySettings(
                rekey.getString("group-id"), rekey.getDuration("commit-interval"), rekey.getDuration("settle"));
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) {
            throw new IllegalArgumentException("outrider.rekey." + key + ": " + what);
        }
    }
}
