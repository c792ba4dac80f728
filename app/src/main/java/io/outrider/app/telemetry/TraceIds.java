package io.outrider.app.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import net.logstash.logback.composite.AbstractJsonProvider;

/**
 * Puts {@code trace_id} and {@code span_id} into a JSON line that is logged within a span. Lines are written by the thread
 * that logs them, so that thread's span is the line's.
 */
public final class TraceIds extends AbstractJsonProvider<ILoggingEvent> {

    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            json.writeStringField("trace_id", span.getTraceId());
            json.writeStringField("span_id", span.getSpanId());
        }
    }
}
