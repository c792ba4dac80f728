package io.outrider.ingestion.capture;

import com.typesafe.config.Config;
import io.outrider.core.port.BlobStore;
import io.outrider.core.setting.Setting;
import io.outrider.lake.capture.CaptureFiles;
import java.time.Duration;

/**
 * Where Capture files are, and how they are cut ({@code outrider.capture}).
 *
 * @param enabled whether nodes of role batch write them
 * @param container container in the lake
 * @param namespace first part of their paths
 * @param groupId consumer group of those who write them
 * @param timeWindow how long a file takes events in before it is written
 * @param sizeWindowBytes size at which it is written before that
 */
public record CaptureSettings(
        boolean enabled,
        String container,
        String namespace,
        String groupId,
        Duration timeWindow,
        long sizeWindowBytes) {

    private static final String AT = "outrider.capture.";

    private static final long LARGEST_BYTES = 500L << 20;

    public CaptureSettings {
        Setting.require(
                container.matches("[a-z0-9-]{3,63}"),
                AT + "container",
                "must be 3 to 63 of a-z, 0-9 and -: " + container);
        Setting.require(
                namespace.matches("[A-Za-z0-9-]+"), AT + "namespace", "must be of letters, digits and -: " + namespace);
        Setting.require(!groupId.isBlank(), AT + "group-id", "must not be empty");
        Setting.require(timeWindow.toMillis() >= 1_000, AT + "time-window", "must be at least 1 s: " + timeWindow);
        Setting.require(
                sizeWindowBytes >= 1 << 10 && sizeWindowBytes <= LARGEST_BYTES,
                AT + "size-window",
                "must be 1 KiB to 500 MiB: " + sizeWindowBytes);
    }

    /** Reads {@code outrider.capture} of the whole configuration. */
    public static CaptureSettings from(Config root) {
        Config capture = root.getConfig("outrider.capture");
        return new CaptureSettings(
                capture.getBoolean("enabled"),
                capture.getString("container"),
                capture.getString("namespace"),
                capture.getString("group-id"),
                capture.getDuration("time-window"),
                capture.getBytes("size-window"));
    }

    /** The files of a topic. */
    public CaptureFiles files(BlobStore lake, String topic) {
        return new CaptureFiles(lake, container, namespace, topic);
    }
}
