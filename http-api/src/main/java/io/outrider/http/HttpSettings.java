package io.outrider.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * The settings under {@code outrider.http}; {@code reference.conf} says what each means.
 *
 * @param maxRequestBytes largest request body, in bytes
 */
public record HttpSettings(
        String host,
        int port,
        String environment,
        long maxRequestBytes,
        int maxEventsPerRequest,
        int maxScoresPerRequest,
        int defaultPageSize,
        int maxPageSize,
        Duration requestTimeout,
        Duration streamHeartbeat,
        Duration streamRetry,
        Duration retryAfter) {

    /** The ports answer at most this many items at once. */
    private static final int PAGE_CEILING = 1_000;

    public HttpSettings {
        requireLoopback(host);
        require(port >= 0 && port <= 65_535, "port", "must be 0 to 65535: " + port);
        require(maxRequestBytes > 0, "max-request-bytes", "must be positive: " + maxRequestBytes);
        require(maxEventsPerRequest > 0, "max-events-per-request", "must be positive: " + maxEventsPerRequest);
        require(maxScoresPerRequest > 0, "max-scores-per-request", "must be positive: " + maxScoresPerRequest);
        require(
                maxPageSize > 0 && maxPageSize <= PAGE_CEILING,
                "max-page-size",
                "must be 1 to " + PAGE_CEILING + ": " + maxPageSize);
        require(
                defaultPageSize > 0 && defaultPageSize <= maxPageSize,
                "default-page-size",
                "must be 1 to max-page-size: " + defaultPageSize);
        requirePositive(requestTimeout, "request-timeout");
        requirePositive(streamHeartbeat, "stream-heartbeat");
        requirePositive(streamRetry, "stream-retry");
        requirePositive(retryAfter, "retry-after");
    }

    /** Reads {@code outrider.http}; throws {@link ConfigException} naming the bad key. */
    public static HttpSettings of(Config root) {
        Config http = root.getConfig("outrider.http");
        return new HttpSettings(
                http.getString("host"),
                http.getInt("port"),
                http.getString("environment"),
                http.getBytes("max-request-bytes"),
                http.getInt("max-events-per-request"),
                http.getInt("max-scores-per-request"),
                http.getInt("default-page-size"),
                http.getInt("max-page-size"),
                http.getDuration("request-timeout"),
                http.getDuration("stream-heartbeat"),
                http.getDuration("stream-retry"),
                http.getDuration("retry-after"));
    }

    /** The same settings on another port: what a command line overrides. */
    public HttpSettings withPort(int other) {
        return new HttpSettings(
                host,
                other,
                environment,
                maxRequestBytes,
                maxEventsPerRequest,
                maxScoresPerRequest,
                defaultPageSize,
                maxPageSize,
                requestTimeout,
                streamHeartbeat,
                streamRetry,
                retryAfter);
    }

    private static void requireLoopback(String host) {
        boolean loopback;
        try {
            loopback = !host.isBlank() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            loopback = false;
        }
        require(
                loopback,
                "host",
                "must be a loopback address such as 127.0.0.1, since there is no authentication yet: \"" + host + "\"");
    }

    private static void requirePositive(Duration value, String key) {
        require(value.compareTo(Duration.ZERO) > 0, key, "must be positive: " + value);
    }

    private static void require(boolean holds, String key, String message) {
        if (!holds) {
            throw new ConfigException.BadValue("outrider.http." + key, message);
        }
    }
}
