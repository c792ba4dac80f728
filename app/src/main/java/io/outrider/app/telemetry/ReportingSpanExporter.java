package io.outrider.app.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** An exporter of spans that says when its receiver takes none. */
final class ReportingSpanExporter implements SpanExporter {

    private final SpanExporter exporter;
    private final ExportReport report;

    ReportingSpanExporter(SpanExporter exporter, ExportReport report) {
        this.exporter = exporter;
        this.report = report;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        return report.watch(exporter.export(spans));
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
