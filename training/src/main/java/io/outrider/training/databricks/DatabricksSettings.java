package io.outrider.training.databricks;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a job on Databricks is triggered, {@code outrider.supervisor.databricks}; {@code reference.conf} says what each key
 * means.
 */
public record DatabricksSettings(
        URI url, String token, long jobId, Duration poll, Duration requestLimit, Duration patience) {

    private static final String PATH = "outrider.supervisor.databricks.";

    public DatabricksSettings {
        Setting.require(
                url.getHost() != null && String.valueOf(url.getScheme()).matches("https?"),
                PATH + "url",
                "must be the workspace's address, such as https://adb-1234567890123456.7.azuredatabricks.net");
        Setting.require(!token.isBlank(), PATH + "token", "must not be empty");
        Setting.require(jobId > 0, PATH + "job-id", "must be the job's number: " + jobId);
        Setting.require(poll.toMillis() >= 1, PATH + "poll", "must be at least 1 ms: " + poll);
        Setting.require(requestLimit.toMillis() >= 1, PATH + "request-limit", "must be at least 1 ms: " + requestLimit);
        Setting.require(!patience.isNegative(), PATH + "patience", "must not be negative: " + patience);
    }

    /** Reads the settings; empty where Databricks is not used. IllegalArgumentException or ConfigException names a bad key. */
    public static Optional<DatabricksSettings> from(Config root) {
        Config config = root.getConfig("outrider.supervisor.databricks");
        if (!config.getBoolean("enabled")) {
            return Optional.empty();
        }
        return Optional.of(new DatabricksSettings(
                address(config.getString("url")),
                config.getString("token"),
                config.getLong("job-id"),
                config.getDuration("poll"),
                config.getDuration("request-limit"),
                config.getDuration("patience")));
    }

    private static URI address(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Neither the address nor the exception, which has it in its words: there may be a token in it.
            throw new IllegalArgumentException(
                    PATH + "url: is no address: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
    }

    /** Without what is secret: the token, and what of the address may be. */
    @Override
    public String toString() {
        return "job " + jobId + " at " + url.getScheme() + "://" + url.getHost();
    }
}
