package io.outrider.ingestion.kafka;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.EventTrace;
import io.outrider.core.trace.Tracing;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The spans of records, as OpenTelemetry's conventions for messaging have them: {@code send} when records are appended, {@code
 * process} from when a record is consumed until it is decided. Names and attributes tell where a record lies and nothing
 * of what is in it. Thread-safe.
 */
final class RecordTracing {

    private final Tracing tracing;
    private final String topic;

    RecordTracing(Tracing tracing, String topic) {
        this.tracing = tracing;
        this.topic = topic;
    }

    /** Begins to follow a record; null for one that is not sampled. */
    @Nullable
    EventTrace consumed(ConsumerRecord<byte[], byte[]> record) {
        if (!tracing.isOn()) {
            return null;
        }
        Header traceparent = record.headers().lastHeader(Tracing.TRACEPARENT);
        byte[] value = traceparent == null ? null : traceparent.value();
        if (!tracing.sampling().takes(record.partition(), record.offset(), value)) {
            return null;
        }
        Span span = span("process", SpanKind.CONSUMER)
                .setParent(Tracing.incoming(name -> text(record.headers(), name)))
                .setAttribute("messaging.destination.partition.id", Integer.toString(record.partition()))
                .setAttribute("messaging.kafka.offset", record.offset())
                .startSpan();
        return span.isRecording() ? new EventTrace(tracing, span) : null;
    }

    /** Begins the span in which records are sent, under the current one; one that is nothing without that. */
    Span sending(int records) {
        return tracing.isOn() && Span.current().getSpanContext().isValid()
                ? span("send", SpanKind.PRODUCER)
                        .setParent(Context.current())
                        .setAttribute("messaging.batch.message_count", records)
                        .startSpan()
                : Span.getInvalid();
    }

    /** The record, from which its consumer can go on with the trace. */
    static ProducerRecord<byte[], byte[]> named(Span sending, ProducerRecord<byte[], byte[]> record) {
        Tracing.outgoing(
                sending, (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)));
        return record;
    }

    /** Ends the span in which records were sent. */
    static void sent(Span sending, @Nullable Throwable failure) {
        if (failure != null) {
            sending.setStatus(StatusCode.ERROR)
                    .setAttribute("error.type", failure.getClass().getName());
        }
        sending.end();
    }

    private SpanBuilder span(String operation, SpanKind kind) {
        return tracing.span(operation + " " + topic, kind)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", operation)
                .setAttribute("messaging.operation.type", operation)
                .setAttribute("messaging.destination.name", topic);
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }
}
