package io.outrider.app.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;

/** An exporter of metrics that says when its receiver takes none. */
final class ReportingMetricExporter implements MetricExporter {

    private final MetricExporter exporter;
    private final ExportReport report;

    ReportingMetricExporter(MetricExporter exporter, ExportReport report) {
        this.exporter = exporter;
        this.report = report;
    }

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
        return report.watch(exporter.export(metrics));
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
        return exporter.getAggregationTemporality(instrument);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
