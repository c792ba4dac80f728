package io.outrider.training.retention;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/**
 * How long what is kept ({@code outrider.retention}; {@code reference.conf} explains each key); zero: for ever.
 *
 * @param raw Capture files, by the time in their names
 * @param unread Capture files that are held back since no dataset, or not every one of their log, has read them
 * @param rows rows of datasets, by the date of their event
 * @param datasets versions of datasets, by when they were published, and what no version names, by its last change
 * @param models models, by when they were registered
 * @param undelivered alerts that webhooks did not take, by when they were given up
 */
public record RetentionSettings(
        Duration raw, Duration unread, Duration rows, Duration datasets, Duration models, Duration undelivered) {

    private static final String AT = "outrider.retention.";

    /** Runs put files into the lake before a manifest names them, and take longer than hours. */
    private static final Duration LEAST = Duration.ofDays(1);

    public RetentionSettings {
        requireADay(raw, "raw");
        requireADay(unread, "unread");
        requireADay(rows, "rows");
        requireADay(datasets, "datasets");
        requireADay(models, "models");
        requireADay(undelivered, "undelivered");
        Setting.require(
                unread.isZero() || !raw.isZero(),
                AT + "unread",
                "means nothing without outrider.retention.raw, since no raw file goes: " + unread);
        Setting.require(
                unread.isZero() || unread.compareTo(raw) >= 0,
                AT + "unread",
                "must be as long as outrider.retention.raw, " + raw + ", or longer: " + unread);
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static RetentionSettings from(Config root) {
        Config retention = root.getConfig("outrider.retention");
        return new RetentionSettings(
                retention.getDuration("raw"),
                retention.getDuration("unread"),
                retention.getDuration("rows"),
                retention.getDuration("datasets"),
                retention.getDuration("models"),
                retention.getDuration("undelivered"));
    }

    /** Whether everything is kept for ever. */
    public boolean keepsAll() {
        return raw.isZero() && rows.isZero() && datasets.isZero() && models.isZero() && undelivered.isZero();
    }

    private static void requireADay(Duration kept, String key) {
        Setting.require(
                kept.isZero() || kept.compareTo(LEAST) >= 0,
                AT + key,
                "must be 0 s (for ever) or at least a day: " + kept);
    }
}
