package io.outrider.http.traffic;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings under {@code outrider.http} on traffic; {@code reference.conf} says what each means.
 *
 * @param requestsPerSecond of one caller, in the long run; 0 for no limit
 * @param burst of one caller, at once
 * @param idempotencyKeys kept at most
 * @param maxConnections at once; further ones wait
 * @param maxStreams event streams at once; further ones are refused
 * @param bodyTimeout in which a request's body must have arrived, but for a table's
 * @param corsOrigins pages of these origins may use the API
 */
public record TrafficSettings(
        double requestsPerSecond,
        int burst,
        int idempotencyKeys,
        Duration idempotencyRetention,
        int maxConnections,
        int maxStreams,
        Duration bodyTimeout,
        Set<String> corsOrigins) {

    private static final String AT = "outrider.http.";

    public TrafficSettings {
        Setting.require(
                requestsPerSecond >= 0,
                AT + "rate-limit.requests-per-second",
                "must be 0 or more: " + requestsPerSecond);
        Setting.require(burst >= 1, AT + "rate-limit.burst", "must be 1 or more: " + burst);
        Setting.require(idempotencyKeys >= 1, AT + "idempotency.keys", "must be 1 or more: " + idempotencyKeys);
        Setting.require(
                idempotencyRetention.toSeconds() >= 1,
                AT + "idempotency.retention",
                "must be at least 1 s: " + idempotencyRetention);
        Setting.require(maxConnections >= 2, AT + "max-connections", "must be 2 or more: " + maxConnections);
        Setting.require(
                maxStreams >= 1 && maxStreams < maxConnections,
                AT + "max-streams",
                "must be 1 or more and less than max-connections (" + maxConnections + "): " + maxStreams);
        Setting.require(
                !bodyTimeout.isNegative() && !bodyTimeout.isZero(),
                AT + "body-timeout",
                "must be positive: " + bodyTimeout);
        for (String origin : corsOrigins) {
            Setting.require(
                    isOrigin(origin), AT + "cors-origins", "must be SCHEME://HOST[:PORT], comma-separated: " + origin);
        }
        corsOrigins = Set.copyOf(corsOrigins);
    }

    /** Reads {@code outrider.http}; IllegalArgumentException or ConfigException names a bad key. */
    public static TrafficSettings from(Config http) {
        return new TrafficSettings(
                http.getDouble("rate-limit.requests-per-second"),
                http.getInt("rate-limit.burst"),
                http.getInt("idempotency.keys"),
                http.getDuration("idempotency.retention"),
                http.getInt("max-connections"),
                http.getInt("max-streams"),
                http.getDuration("body-timeout"),
                Arrays.stream(http.getString("cors-origins").split(","))
                        .map(String::strip)
                        .filter(origin -> !origin.isEmpty())
                        .collect(Collectors.toSet()));
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
