package io.outrider.app.telemetry;

import java.util.Map;

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
            "jvm_uptime", "jvm.uptime",
            "http_request_method", "http.request.method",
            "http_response_status_code", "http.response.status_code",
            "jvm_memory_type", "jvm.memory.type",
            "jvm_gc_name", "jvm.gc.name");

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
        return label.equals("http_route") ? "http.route" : CONVENTIONS.getOrDefault(label, label);
    }
}
