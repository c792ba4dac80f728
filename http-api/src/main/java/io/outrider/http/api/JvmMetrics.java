package io.outrider.http.api;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The process itself, named as OpenTelemetry's semantic conventions name it. */
final class JvmMetrics {

    private JvmMetrics() {}

    static List<MetricSnapshot> now() {
        var memory = ManagementFactory.getMemoryMXBean();
        Map<Labels, MemoryUsage> usage = new LinkedHashMap<>();
        usage.put(Labels.of("jvm_memory_type", "heap"), memory.getHeapMemoryUsage());
        usage.put(Labels.of("jvm_memory_type", "non_heap"), memory.getNonHeapMemoryUsage());
        Map<Labels, GarbageCollectorMXBean> collectors = new LinkedHashMap<>();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collectors.put(Labels.of("jvm_gc_name", collector.getName()), collector);
        }
        return List.of(
                MetricFamilies.gauge("jvm_memory_used_bytes", "Memory in use.", usage, MemoryUsage::getUsed),
                MetricFamilies.gauge(
                        "jvm_memory_limit_bytes",
                        "The most there may be; -1 without limit.",
                        usage,
                        MemoryUsage::getMax),
                MetricFamilies.counter(
                        "jvm_gc_duration_seconds",
                        "Time spent collecting garbage.",
                        collectors,
                        collector -> Math.max(0, collector.getCollectionTime()) / 1000.0),
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
