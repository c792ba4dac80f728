package io.outrider.core.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the spans of a node come from. Names and attributes are those of OpenTelemetry's semantic conventions; other nodes
 * and programs are told of a trace by W3C's headers {@value #TRACEPARENT} and {@code tracestate}. Only through its API:
 * who exports the spans, and where to, is the composition root's business. Thread-safe.
 */
public final class Tracing {

    /** Name of the header that names the span from which a request or a record comes. */
    public static final String TRACEPARENT = "traceparent";

    /** The instrumentation scope of all our spans. */
    public static final String SCOPE = "io.outrider";

    /** No spans at all. */
    public static final Tracing OFF = new Tracing(OpenTelemetry.noop(), EventSampling.NONE, false);

    // Not what the SDK's environment may add: baggage of a caller would go into the stream and out to webhooks.
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Function<String, @Nullable String>> HEADERS = new HeaderGetter();

    private final Tracer tracer;
    private final EventSampling sampling;
    private final boolean on;

    private Tracing(OpenTelemetry telemetry, EventSampling sampling, boolean on) {
        this.tracer = telemetry.getTracer(SCOPE);
        this.sampling = sampling;
        this.on = on;
    }

    /** Spans that go where the given SDK sends them; of the stream's records, those that the sampling chooses. */
    public static Tracing of(OpenTelemetry telemetry, EventSampling sampling) {
        return new Tracing(telemetry, sampling, true);
    }

    /** Whether there is anything to do. */
    public boolean isOn() {
        return on;
    }

    /** A span to be started, whose parent is the current context's. */
    public SpanBuilder span(String name, SpanKind kind) {
        return tracer.spanBuilder(name).setSpanKind(kind);
    }

    /** The context that headers name; without a span if they name none, or none that is well-formed. */
    public static Context incoming(Function<String, @Nullable String> header) {
        return W3C.extract(Context.root(), header, HEADERS);
    }

    /** Names the context in headers; nothing if it has no span. */
    public static void outgoing(Context context, BiConsumer<String, String> header) {
        W3C.inject(context, header, (set, name, value) -> {
            if (set != null) {
                set.accept(name, value);
            }
        });
    }

    /** Names a span in headers. */
    public static void outgoing(Span span, BiConsumer<String, String> header) {
        outgoing(Context.root().with(span), header);
    }

    /** Which records of the stream are followed. */
    public EventSampling sampling() {
        return sampling;
    }

    private static final class HeaderGetter implements TextMapGetter<Function<String, @Nullable String>> {

        @Override
        public Iterable<String> keys(Function<String, @Nullable String> carrier) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> carrier, String key) {
            return carrier == null ? null : carrier.apply(key);
        }
    }
}
