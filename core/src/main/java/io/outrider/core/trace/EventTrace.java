package io.outrider.core.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

/**
 * Follows one sampled event through this node: the span from its consumption to its verdict, and those under it. An event
 * whose run is lost never ends its span, which then is never exported; the run that replays it begins another. Thread-safe.
 */
public final class EventTrace {

    private final Tracing tracing;
    private final Span processing;

    /** Begun with a span that covers the event's processing; {@link #decided} ends it. */
    public EventTrace(Tracing tracing, Span processing) {
        this.tracing = tracing;
        this.processing = processing;
    }

    /** Begins a span under it. */
    public Span begin(String name, SpanKind kind) {
        return tracing.span(name, kind)
                .setParent(Context.root().with(processing))
                .startSpan();
    }

    /** The verdict is there; what still has to be published has spans of its own. */
    public void decided() {
        processing.end();
    }
}
