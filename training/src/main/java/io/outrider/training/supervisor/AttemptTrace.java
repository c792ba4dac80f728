package io.outrider.training.supervisor;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.Tracing;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The spans of an attempt: one for all of it, and under that one for each step that the job says it is at. Thread-safe. */
final class AttemptTrace {

    private final Tracing tracing;
    private final Span attempt;
    private @Nullable Span step; // guarded by this
    private String at = ""; // guarded by this

    private AttemptTrace(Tracing tracing, Span attempt) {
        this.tracing = tracing;
        this.attempt = attempt;
    }

    static AttemptTrace begin(Tracing tracing, Work work) {
        return new AttemptTrace(
                tracing,
                tracing.span("run " + work.kind(), SpanKind.INTERNAL)
                        .setAttribute("outrider.run.id", work.runId())
                        .setAttribute("outrider.run.kind", work.kind())
                        .setAttribute("outrider.run.attempt", work.attempt())
                        .startSpan());
    }

    /** Does it in the calling thread; what that logs meanwhile names the attempt's span. */
    <T> T within(Supplier<T> step) {
        return Context.root().with(attempt).wrapSupplier(step).get();
    }

    /** The job has come to a step; that it is still there is said often. */
    synchronized void at(String message) {
        if (!tracing.isOn() || message.equals(at)) {
            return;
        }
        endStep();
        at = message;
        // Names are to be few, and a message with a number in it is one of many.
        boolean isName = message.chars().noneMatch(Character::isDigit);
        step = tracing.span(isName ? message : "step", SpanKind.INTERNAL)
                .setParent(Context.root().with(attempt))
                .setAttribute("outrider.run.step", message)
                .startSpan();
    }

    void failed(Throwable failure) {
        attempt.recordException(failure);
        attempt.setStatus(StatusCode.ERROR)
                .setAttribute("error.type", failure.getClass().getName());
    }

    synchronized void end() {
        endStep();
        attempt.end();
    }

    private synchronized void endStep() {
        if (step != null) {
            step.end();
            step = null;
        }
    }
}
