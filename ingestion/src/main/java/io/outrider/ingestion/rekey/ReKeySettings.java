package io.outrider.ingestion.rekey;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/** The re-keying stage ({@code outrider.rekey}). */
public record ReKeySettings(String groupId, Duration commitInterval, Duration settle) {

    private static final String AT = "outrider.rekey.";

    public ReKeySettings {
        Setting.require(!groupId.isBlank(), AT + "group-id", "must not be empty");
        Setting.require(
                commitInterval.toMillis() >= 250, AT + "commit-interval", "must be at least 250 ms: " + commitInterval);
        Setting.require(!settle.isNegative(), AT + "settle", "must not be negative: " + settle);
    }

    /** Reads {@code outrider.rekey} of the whole configuration. */
    public static ReKeySettings from(Config root) {
        Config rekey = root.getConfig("outrider.rekey");
        return new ReKeySettings(
                rekey.getString("group-id"), rekey.getDuration("commit-interval"), rekey.getDuration("settle"));
    }
}
