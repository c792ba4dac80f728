package io.outrider.http;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import io.outrider.http.access.OidcSettings;
import io.outrider.http.traffic.TrafficSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings under {@code outrider.http}; {@code reference.conf} says what each means.
 *
 * @param maxRequestBytes largest request body, in bytes
 * @param allowedHosts names, in lower case, that are served beside loopback's; {@code *} for any
 * @param oidc how callers say who they are; empty where nobody need, which is for loopback only
 * @param operations where health and metrics are served beside the API's port, without authentication
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
        Duration retryAfter,
        Set<String> allowedHosts,
        Optional<OidcSettings> oidc,
        Optional<Operations> operations,
        TrafficSettings traffic) {

    private static final String AT = "outrider.http.";

    /** The ports answer at most this many items at once. */
    private static final int PAGE_CEILING = 1_000;

    /** Address of health and metrics alone. */
    public record Operations(String host, int port) {

        public Operations {
            Setting.require(!host.isBlank(), AT + "operations.host", "must not be empty");
            Setting.require(port >= 0 && port <= 65_535, AT + "operations.port", "must be off, or 0 to 65535: " + port);
        }

        static Optional<Operations> from(Config operations) {
            String port = operations.getString("port");
            return port.equals("off") || port.equals("false")
                    ? Optional.empty()
                    : Optional.of(new Operations(operations.getString("host"), operations.getInt("port")));
        }
    }

    public HttpSettings {
        requireSafe(host, oidc, allowedHosts);
        allowedHosts = Set.copyOf(allowedHosts);
        Setting.require(port >= 0 && port <= 65_535, AT + "port", "must be 0 to 65535: " + port);
        Setting.require(maxRequestBytes > 0, AT + "max-request-bytes", "must be positive: " + maxRequestBytes);
        Setting.require(
                maxEventsPerRequest > 0, AT + "max-events-per-request", "must be positive: " + maxEventsPerRequest);
        Setting.require(
                maxScoresPerRequest > 0, AT + "max-scores-per-request", "must be positive: " + maxScoresPerRequest);
        Setting.require(
                maxPageSize > 0 && maxPageSize <= PAGE_CEILING,
                AT + "max-page-size",
                "must be 1 to " + PAGE_CEILING + ": " + maxPageSize);
        Setting.require(
                defaultPageSize > 0 && defaultPageSize <= maxPageSize,
                AT + "default-page-size",
                "must be 1 to max-page-size: " + defaultPageSize);
        requirePositive(requestTimeout, "request-timeout");
        requirePositive(streamHeartbeat, "stream-heartbeat");
        requirePositive(streamRetry, "stream-retry");
        requirePositive(retryAfter, "retry-after");
    }

    /** Reads {@code outrider.http}; IllegalArgumentException or ConfigException names a bad key. */
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
                http.getDuration("retry-after"),
                Arrays.stream(http.getString("allowed-hosts").split(","))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()),
                OidcSettings.from(http),
                Operations.from(http.getConfig("operations")),
                TrafficSettings.from(http));
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
                retryAfter,
                allowedHosts,
                oidc,
                operations,
                traffic);
    }

    private static void requireSafe(String host, Optional<OidcSettings> oidc, Set<String> allowedHosts) {
        Setting.require(!host.isBlank(), AT + "host", "must not be empty");
        boolean loopback;
        try {
            loopback = InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            loopback = false;
        }
        Setting.require(
                loopback || oidc.isPresent(),
                AT + "host",
                "must be a loopback address such as 127.0.0.1 while outrider.http.authentication.mode is none: \""
                        + host + "\"");
        Setting.require(
                loopback || !allowedHosts.isEmpty(),
                AT + "allowed-hosts",
                "must name the hosts that clients call this server by, since outrider.http.host is beyond loopback: \""
                        + host + "\"");
    }

    private static void requirePositive(Duration value, String key) {
        Setting.require(value.compareTo(Duration.ZERO) > 0, AT + key, "must be positive: " + value);
    }
}
