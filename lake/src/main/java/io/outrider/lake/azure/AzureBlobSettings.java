package io.outrider.lake.azure;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.outrider.core.setting.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the lake on Azure is and how patiently it is asked: {@code outrider.lake.azure}, every key of which is
 * described in {@code reference.conf}. Holds a secret when there is a connection string or a SAS, so its text form
 * names neither.
 *
 * @param accountUrl null if there is none; used only where there is no connection string
 * @param connectionString null if there is none
 */
public record AzureBlobSettings(
        @Nullable String accountUrl,
        @Nullable String connectionString,
        Retry retry,
        Timeouts timeouts,
        int uploadBlockSizeBytes,
        int listPageSize) {

    private static final String PATH = "outrider.lake.azure.";

    /** The service's limit for one block is 4000 MiB, ours that of a number of bytes that is kept in memory at once. */
    private static final int LARGEST_BLOCK_BYTES = 256 << 20;

    /** Attempts, the first included, and the waits between them. */
    public record Retry(int attempts, Duration firstDelay, Duration longestDelay) {

        public Retry {
            Setting.require(attempts >= 1 && attempts <= 100, PATH + "attempts", "must be 1 to 100: " + attempts);
            Setting.require(isPositive(firstDelay), PATH + "first-retry-delay", "must be positive: " + firstDelay);
            Setting.require(
                    longestDelay.compareTo(firstDelay) >= 0,
                    PATH + "longest-retry-delay",
                    "must be no shorter than first-retry-delay: " + longestDelay);
        }
    }

    /** For a connection, for the answer to one attempt, and for the next byte of a blob. */
    public record Timeouts(Duration connect, Duration attempt, Duration stall) {

        public Timeouts {
            Setting.require(isPositive(connect), PATH + "connect-timeout", "must be positive: " + connect);
            Setting.require(
                    attempt.compareTo(Duration.ofSeconds(1)) >= 0,
                    PATH + "attempt-timeout",
                    "must be at least 1 s: " + attempt);
            Setting.require(isPositive(stall), PATH + "stall-timeout", "must be positive: " + stall);
        }
    }

    public AzureBlobSettings {
        if (connectionString == null) {
            checkUrl(accountUrl);
        }
        Setting.require(
                uploadBlockSizeBytes >= 1 && uploadBlockSizeBytes <= LARGEST_BLOCK_BYTES,
                PATH + "upload-block-size",
                "must be 1 B to 256 MiB: " + uploadBlockSizeBytes);
        Setting.require(
                listPageSize >= 1 && listPageSize <= 5000,
                PATH + "list-page-size",
                "must be 1 to 5000: " + listPageSize);
    }

    /**
     * Reads the settings; empty if neither an account nor a connection string is given, which means: not on Azure.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names the key
     * @throws ConfigException if a value is of the wrong type; the message names the key
     */
    public static Optional<AzureBlobSettings> from(Config root) {
        Config config = root.getConfig("outrider.lake.azure");
        String accountUrl = given(config, "account-url");
        String connectionString = given(config, "connection-string");
        if (accountUrl == null && connectionString == null) {
            return Optional.empty();
        }
        return Optional.of(new AzureBlobSettings(
                accountUrl,
                connectionString,
                new Retry(
                        config.getInt("attempts"),
                        config.getDuration("first-retry-delay"),
                        config.getDuration("longest-retry-delay")),
                new Timeouts(
                        config.getDuration("connect-timeout"),
                        config.getDuration("attempt-timeout"),
                        config.getDuration("stall-timeout")),
                (int) Math.min(Integer.MAX_VALUE, config.getBytes("upload-block-size")),
                config.getInt("list-page-size")));
    }

    /** Whether the account's URL carries a shared access signature, so that no identity is asked for. */
    boolean hasSharedAccessSignature() {
        return isSigned(String.valueOf(accountUrl));
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        String where = connectionString != null ? "connection string" : withoutQuery(accountUrl);
        return "AzureBlobSettings[" + where + ", " + retry + ", " + timeouts + ", uploadBlockSizeBytes="
                + uploadBlockSizeBytes + ", listPageSize=" + listPageSize + "]";
    }

    private static void checkUrl(@Nullable String url) {
        Setting.require(url != null, PATH + "account-url", "must be given where connection-string is not");
        String shown = withoutQuery(url);
        URI uri;
        try {
            uri = new URI(String.valueOf(url));
        } catch (URISyntaxException e) {
            // Its message would quote the whole text, signature included.
            throw new IllegalArgumentException(PATH + "account-url: is no URL: " + shown);
        }
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        Setting.require(uri.getHost() != null, PATH + "account-url", "must be a URL with a host: " + shown);
        Setting.require(
                !host.contains(".dfs."),
                PATH + "account-url",
                "must be the account's blob endpoint, not its dfs endpoint: " + shown);
        Setting.require(
                "https".equals(uri.getScheme()) || isSigned(String.valueOf(url)),
                PATH + "account-url",
                "must begin with https:// (a token is never sent in the clear): " + shown);
    }

    private static boolean isSigned(String url) {
        return url.matches(".*[?&]sig=.*");
    }

    private static String withoutQuery(@Nullable String url) {
        return String.valueOf(url).replaceFirst("\\?.*", "?…");
    }

    private static @Nullable String given(Config config, String key) {
        String value = config.hasPath(key) ? config.getString(key) : "";
        return value.isBlank() ? null : value.strip();
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
