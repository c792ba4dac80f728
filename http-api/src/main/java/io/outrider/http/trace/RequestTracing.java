package io.outrider.http.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.Tracing;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * A span per request, from its arrival until its answer begins, named and described as OpenTelemetry's semantic conventions
 * say; under the caller's span where the request names one ({@code traceparent}). Paths are told by their templates only:
 * what stands in them may be an account's number. Health and metrics have none. Thread-safe.
 */
public final class RequestTracing {

    private static final AttributeKey<Context> KEY = AttributeKey.create("outrider-trace", Context.class);

    private final Tracing tracing;
    private final BinaryOperator<String> templates;

    /** @param templates finds the template of a method's path; anything that does not begin with a slash for an unknown one */
    public RequestTracing(Tracing tracing, BinaryOperator<String> templates) {
        this.tracing = tracing;
        this.templates = templates;
    }

    /** The request, marked with its span if it gets one. */
    public HttpRequest begin(HttpRequest request) {
        if (!tracing.isOn()) {
            return request;
        }
        String method = request.method().value();
        String route = templates.apply(method, request.getUri().getPathString());
        if (route.startsWith("/health") || route.equals("/metrics")) {
            return request;
        }
        boolean known = route.startsWith("/");
        SpanBuilder span = tracing.span(known ? method + " " + route : method, SpanKind.SERVER)
                .setParent(Tracing.incoming(
                        name -> request.getHeader(name).map(HttpHeader::value).orElse(null)))
                .setAttribute("http.request.method", method)
                .setAttribute("url.scheme", request.getUri().getScheme())
                .setAttribute("network.protocol.name", "http");
        if (known) {
            span.setAttribute("http.route", route);
        }
        return request.addAttribute(KEY, Context.root().with(span.startSpan()));
    }

    /** Ends the request's span. */
    public static void end(HttpRequest request, HttpResponse response) {
        request.getAttribute(KEY).map(Span::fromContext).ifPresent(span -> {
            int status = response.status().intValue();
            span.setAttribute("http.response.status_code", status);
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR).setAttribute("error.type", Integer.toString(status));
            }
            span.end();
        });
    }

    /** Does something within the request's span: what it logs names it, and what it begins stands under it. */
    public static <T> T within(HttpRequest request, Supplier<T> step) {
        return request.getAttribute(KEY)
                .map(context -> context.wrapSupplier(step))
                .orElse(step)
                .get();
    }
}
