package io.outrider.app.telemetry;

import java.util.Map;
import java.util.Set;

/**
 * The names that OpenTelemetry has for what Prometheus is told. What its semantic conventions know has their names; ours
 * lose the unit that Prometheus wants at the end, and get a dot behind the program's name. Prometheus, fed by OTLP,
 * makes the first out of the second again ({@code .} becomes {@code _}, the unit's word and {@code _total} are added), so
 * that rules and dashboards hold either way.
 */
final class MetricNames {

    private static final String OURS = "outrider_";

    /** The unit at a name's end, and its UCUM code. */
    private static final Map<String, String> UNITS = Map.of("_seconds", "s", "_bytes", "By");

    private static final Map<String, String> CONVENTIONS = Map.of(
            "http_server_request_duration", "http.server.request.duration",
            "jvm_memory_used", "jvm.memory.used",
            "jvm_memory_limit", "jvm.memory.limit",
            "jvm_gc_duration", "jvm.gc.duration",
            "jvm_thread_count", "jvm.thread.count",
            "jvm_uptime", "jvm.uptime");

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "http_request_method", "http.request.method",
            "http_route", "http.route",
            "http_response_status_code", "http.response.status_code",
            "url_scheme", "url.scheme",
            "jvm_memory_type", "jvm.memory.type",
            "jvm_gc_name", "jvm.gc.name",
            "jvm_gc_action", "jvm.gc.action");

    /** What the conventions have for a sum that rises and falls, which Prometheus calls a gauge. */
    private static final Set<String> UP_DOWN = Set.of("jvm.memory.used", "jvm.memory.limit", "jvm.thread.count");

    private MetricNames() {}

    /** A metric's name. */
    static String name(String prometheus) {
        String bare = prometheus;
        for (String unit : UNITS.keySet()) {
            if (prometheus.endsWith(unit)) {
                bare = prometheus.substring(0, prometheus.length() - unit.length());
            }
        }
        return bare.startsWith(OURS)
                ? "outrider." + bare.substring(OURS.length())
                : CONVENTIONS.getOrDefault(bare, bare);
    }

    /** Whether a metric of that name is a sum over its points that rises and falls. */
    static boolean isUpDown(String name) {
        return UP_DOWN.contains(name);
    }

    /** A metric's unit, in UCUM; {@code 1} for what is only counted. */
    static String unit(String prometheus) {
        for (Map.Entry<String, String> unit : UNITS.entrySet()) {
            if (prometheus.endsWith(unit.getKey())) {
                return unit.getValue();
            }
        }
        return "1";
    }

    /** An attribute's name. */
    static String attribute(String label) {
        return ATTRIBUTES.getOrDefault(label, label);
    }
}
