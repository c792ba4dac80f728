package io.outrider.http.api;

import io.outrider.core.telemetry.Buckets;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The process itself, named as OpenTelemetry's semantic conventions name it. */
final class JvmMetrics {

    private JvmMetrics() {}

    static List<MetricSnapshot> now(GarbageCollections garbage) {
        var memory = ManagementFactory.getMemoryMXBean();
        Map<Labels, MemoryUsage> usage = new LinkedHashMap<>();
        usage.put(Labels.of("jvm_memory_type", "heap"), memory.getHeapMemoryUsage());
        usage.put(Labels.of("jvm_memory_type", "non_heap"), memory.getNonHeapMemoryUsage());
        Map<Labels, MemoryUsage> limited = new LinkedHashMap<>(usage);
        limited.values().removeIf(memoryOfKind -> memoryOfKind.getMax() < 0);
        Map<Labels, Buckets> collections = new LinkedHashMap<>();
        garbage.durations()
                .forEach((kind, durations) -> collections.put(
                        Labels.of("jvm_gc_name", kind.collector(), "jvm_gc_action", kind.action()), durations));
        return List.of(
                MetricFamilies.gauge("jvm_memory_used_bytes", "Memory in use.", usage, MemoryUsage::getUsed),
                MetricFamilies.gauge(
                        "jvm_memory_limit_bytes",
                        "The most there may be, where that is limited.",
                        limited,
                        MemoryUsage::getMax),
                MetricFamilies.histogram("jvm_gc_duration_seconds", "Duration of garbage collections.", collections),
                MetricFamilies.gauge(
                        "jvm_thread_count",
                        "Live threads.",
                        ManagementFactory.getThreadMXBean().getThreadCount()),
                MetricFamilies.gauge(
                        "jvm_uptime_seconds",
                        "Since the process began.",
                        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0));
    }
}
