package io.outrider.app.telemetry;

import com.typesafe.config.Config;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.outrider.core.trace.Tracing;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's exporters: spans in batches from a bounded queue, metrics every minute, both by OTLP over HTTP. A receiver that
 * is slow or away costs what does not fit into the queue and one warning, and nothing else. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

    /** How long the last spans and metrics may take when the node stops. */
    private static final long FLUSH_LIMIT_MS = 3_000;

    private final @Nullable OpenTelemetrySdk sdk;
    private final MetricBridge metrics;
    private final Tracing tracing;

    private Telemetry(@Nullable OpenTelemetrySdk sdk, MetricBridge metrics, Tracing tracing) {
        this.sdk = sdk;
        this.metrics = metrics;
        this.tracing = tracing;
    }

    /** Starts what the settings name; where they name no receiver, nothing. ConfigException for a bad setting. */
    public static Telemetry start(Config config, Clock clock) {
        TelemetrySettings settings = TelemetrySettings.from(config);
        MetricBridge metrics = new MetricBridge(clock);
        if (!settings.isOn()) {
            return new Telemetry(null, metrics, Tracing.OFF);
        }
        OpenTelemetrySdk sdk = sdk(settings, metrics);
        Tracing tracing = settings.traces().isPresent() ? Tracing.of(sdk, settings.sampling()) : Tracing.OFF;
        return new Telemetry(sdk, metrics, tracing);
    }

    /** What the SDK's own environment variables say wins, except about endpoints, which the settings have read. */
    private static OpenTelemetrySdk sdk(TelemetrySettings settings, MetricBridge metrics) {
        ExportReport.silenceTheSdk();
        return AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook() // the node stops it, last of all
                .addPropertiesSupplier(() -> defaults(settings))
                .addPropertiesCustomizer(properties -> endpoints(settings))
                .addResourceCustomizer((resource, properties) -> instance().merge(resource))
                .addSpanExporterCustomizer((exporter, properties) -> new ReportingSpanExporter(
                        exporter, new ExportReport("spans", settings.traces().map(URI::toString))))
                .addMetricExporterCustomizer((exporter, properties) -> new ReportingMetricExporter(
                        exporter, new ExportReport("metrics", settings.metrics().map(URI::toString))))
                .addMeterProviderCustomizer((provider, properties) -> provider.registerMetricProducer(metrics))
                .build()
                .getOpenTelemetrySdk();
    }

    /** Two nodes with the same attributes would overwrite each other's metrics; attributes that are given win. */
    private static Resource instance() {
        return Resource.create(Attributes.of(
                AttributeKey.stringKey("service.instance.id"), UUID.randomUUID().toString()));
    }

    private static Map<String, String> defaults(TelemetrySettings settings) {
        Map<String, String> properties = new HashMap<>();
        properties.put("otel.service.name", settings.serviceName());
        properties.put("otel.resource.attributes", settings.resourceAttributes());
        properties.put("otel.exporter.otlp.protocol", "http/protobuf");
        properties.put("otel.traces.exporter", settings.traces().isPresent() ? "otlp" : "none");
        properties.put("otel.metrics.exporter", settings.metrics().isPresent() ? "otlp" : "none");
        properties.put("otel.logs.exporter", "none");
        return properties;
    }

    private static Map<String, String> endpoints(TelemetrySettings settings) {
        Map<String, String> properties = new HashMap<>();
        settings.traces().ifPresent(url -> properties.put("otel.exporter.otlp.traces.endpoint", url.toString()));
        settings.metrics().ifPresent(url -> properties.put("otel.exporter.otlp.metrics.endpoint", url.toString()));
        // Only this protocol's sender is there.
        for (String signal : List.of("", "traces.", "metrics.")) {
            properties.put("otel.exporter.otlp." + signal + "protocol", "http/protobuf");
        }
        properties.put("otel.logs.exporter", "none");
        return properties;
    }

    /** Where the node's spans come from. */
    public Tracing tracing() {
        return tracing;
    }

    /** Exports these metrics from now on. */
    public void export(Supplier<MetricSnapshots> now) {
        metrics.from(now);
    }

    /** Sends what is left. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(FLUSH_LIMIT_MS, TimeUnit.MILLISECONDS);
        }
    }
}
