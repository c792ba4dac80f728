package io.outrider.detection.webhook;

import com.typesafe.config.Config;
import io.outrider.core.alert.Severity;
import io.outrider.core.setting.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who is told of alerts, and how hard it is tried: {@code outrider.webhooks}; {@code reference.conf} explains each key.
 *
 * @param attempts in all, before an alert becomes a dead letter
 * @param firstPause after the first failure; doubles up to the longest
 */
public record WebhookSettings(
        List<Endpoint> endpoints, int attempts, Duration firstPause, Duration longestPause, Duration timeout) {

    private static final String ROOT = "outrider.webhooks.";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /**
     * A receiver.
     *
     * @param name of its files in the lake
     * @param secret key of the signature; never printed
     * @param quietPeriod time, by event time, in which a further alert of an account is not sent; zero for none
     */
    public record Endpoint(String name, URI url, byte[] secret, Severity minSeverity, Duration quietPeriod) {

        @Override
        public String toString() {
            return name + " (" + url.getHost() + ")";
        }
    }

    public WebhookSettings {
        endpoints = List.copyOf(endpoints);
        Setting.require(attempts >= 1, ROOT + "attempts", "must be at least 1: " + attempts);
        Setting.require(firstPause.toMillis() >= 1, ROOT + "first-pause", "must be at least 1 ms: " + firstPause);
        Setting.require(
                longestPause.compareTo(firstPause) >= 0,
                ROOT + "longest-pause",
                "must not be shorter than first-pause (" + firstPause + "): " + longestPause);
        Setting.require(timeout.toMillis() >= 1, ROOT + "timeout", "must be at least 1 ms: " + timeout);
    }

    /**
     * Reads the settings; IllegalArgumentException or ConfigException names a bad key.
     *
     * @param environment where secrets are
     */
    public static WebhookSettings from(Config root, Map<String, String> environment) {
        Config webhooks = root.getConfig("outrider.webhooks");
        List<Endpoint> endpoints = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Config each : webhooks.getConfigList("endpoints")) {
            Endpoint endpoint = endpoint(each, environment);
            Setting.require(names.add(endpoint.name()), ROOT + "endpoints", "two are named " + endpoint.name());
            endpoints.add(endpoint);
        }
        return new WebhookSettings(
                endpoints,
                webhooks.getInt("attempts"),
                webhooks.getDuration("first-pause"),
                webhooks.getDuration("longest-pause"),
                webhooks.getDuration("timeout"));
    }

    private static Endpoint endpoint(Config each, Map<String, String> environment) {
        String name = each.getString("name");
        Setting.require(name.matches("[a-z0-9-]{1,40}"), ROOT + "endpoints.name", "must be of a-z, 0-9 and -: " + name);
        String variable = each.getString("secret-env");
        String secret = environment.getOrDefault(variable, "");
        Setting.require(
                !secret.isBlank(), ROOT + "endpoints.secret-env", "environment variable " + variable + " is not set");
        return new Endpoint(
                name,
                url(each.getString("url")),
                key(secret, variable),
                severity(each.hasPath("min-severity") ? each.getString("min-severity") : "low"),
                each.hasPath("quiet-period") ? each.getDuration("quiet-period") : Duration.ZERO);
    }

    private static URI url(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // Neither the address nor the exception, which has it in its words: such addresses carry keys.
            throw new IllegalArgumentException(
                    ROOT + "endpoints.url: is no address: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
        boolean safe = "https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && LOOPBACK.contains(String.valueOf(url.getHost())));
        Setting.require(
                safe && url.getHost() != null,
                ROOT + "endpoints.url",
                "must be https, or http on loopback: " + url.getScheme() + "://" + url.getHost());
        return url;
    }

    /** As Standard Webhooks spells keys: {@code whsec_} and Base64; anything else is the key itself. */
    private static byte[] key(String secret, String variable) {
        if (!secret.startsWith("whsec_")) {
            return secret.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(secret.substring("whsec_".length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    ROOT + "endpoints.secret-env: what follows whsec_ in " + variable + " is no Base64", e);
        }
    }

    private static Severity severity(String name) {
        try {
            return Severity.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    ROOT + "endpoints.min-severity: must be low, medium, high or critical: " + name, e);
        }
    }
}
