package io.outrider.app.telemetry;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.outrider.core.trace.EventSampling;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * {@code outrider.telemetry}: where spans and metrics go, and how many of the stream's records are traced. What else
 * OpenTelemetry's environment variables say (headers, certificates, samplers, queues), its SDK reads by itself.
 *
 * @param traces receiver of spans, if there is one
 * @param metrics receiver of metrics, if there is one
 * @param resourceAttributes {@code name=value}, comma-separated
 * @param streamRatio share of the records without a {@code traceparent} that are traced, 0 to 1
 * @param maxTracedPerSecond how many records a second are traced at most
 */
record TelemetrySettings(
        Optional<URI> traces,
        Optional<URI> metrics,
        String serviceName,
        String resourceAttributes,
        double streamRatio,
        int maxTracedPerSecond) {

    private static final String AT = "outrider.telemetry.";

    TelemetrySettings {
        if (!(streamRatio >= 0 && streamRatio <= 1)) {
            throw bad("stream-ratio", "must be between 0 and 1, not " + streamRatio);
        }
        if (maxTracedPerSecond < 0) {
            throw bad("max-traced-per-second", "must not be negative, not " + maxTracedPerSecond);
        }
    }

    /** ConfigException if a value makes no sense; it names the key. */
    static TelemetrySettings from(Config config) {
        String general = config.getString(AT + "endpoint").strip();
        String base = general.endsWith("/") ? general : general + "/";
        return new TelemetrySettings(
                endpoint(config, "traces-endpoint", general.isEmpty() ? "" : base + "v1/traces"),
                endpoint(config, "metrics-endpoint", general.isEmpty() ? "" : base + "v1/metrics"),
                config.getString(AT + "service-name"),
                config.getString(AT + "resource-attributes"),
                config.getDouble(AT + "stream-ratio"),
                config.getInt(AT + "max-traced-per-second"));
    }

    private static Optional<URI> endpoint(Config config, String key, String otherwise) {
        String own = config.getString(AT + key).strip();
        String text = own.isEmpty() ? otherwise : own;
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String named = own.isEmpty() ? "endpoint" : key;
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            throw bad(named, "is not a URL: " + text);
        }
        throw bad(named, "must be an http or https URL such as http://127.0.0.1:4318, not " + text);
    }

    private static ConfigException bad(String key, String what) {
        return new ConfigException.BadValue(AT + key, what);
    }

    boolean isOn() {
        return traces.isPresent() || metrics.isPresent();
    }

    EventSampling sampling() {
        return new EventSampling(streamRatio, maxTracedPerSecond, System::nanoTime);
    }
}
