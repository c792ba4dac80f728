package io.outrider.core.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;

/**
 * The span of one HTTP request to another server, by the semantic conventions for HTTP clients. It tells which server, and of the
 * address what the template says: paths and queries of webhooks are secrets. Ended by {@link #close}. For one thread.
 */
public final class ClientCall implements AutoCloseable {

    /** A template that says nothing of the path. */
    public static final String REDACTED = "/REDACTED";

    private static final int CLIENT_ERROR = 400;

    private final Span span;

    private ClientCall(Span span) {
        this.span = span;
    }

    /**
     * Begins it.
     *
     * @param parent under which it stands; without a span it begins a trace
     * @param resent how often the same request was sent before
     */
    public static ClientCall begin(Tracing tracing, Context parent, Request request, int resent) {
        Server server = request.server();
        boolean told = !request.template().equals(REDACTED);
        SpanBuilder span = tracing.span(
                        told ? request.method() + " " + request.template() : request.method(), SpanKind.CLIENT)
                .setParent(parent)
                .setAttribute("http.request.method", request.method())
                .setAttribute("server.address", server.host())
                .setAttribute("server.port", server.port())
                .setAttribute("url.full", server + request.template());
        if (told) {
            span.setAttribute("url.template", request.template());
        }
        if (resent > 0) {
            span.setAttribute("http.request.resend_count", resent);
        }
        return new ClientCall(span.startSpan());
    }

    /** Names the span in the request's headers. */
    public void outgoing(BiConsumer<String, String> header) {
        Tracing.outgoing(span, header);
    }

    /** The server has answered. */
    public void answered(int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= CLIENT_ERROR) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", Integer.toString(status));
        }
    }

    /** It has not. The failure's message is not told: it may name the address. */
    public void failed(Throwable failure) {
        span.setStatus(StatusCode.ERROR)
                .setAttribute("error.type", failure.getClass().getName());
    }

    @Override
    public void close() {
        span.end();
    }

    /** Who is asked; a negative port is the scheme's. */
    public record Server(String scheme, String host, int port) {

        public Server {
            if (port < 0) {
                port = scheme.equals("http") ? 80 : 443;
            }
        }

        @Override
        public String toString() {
            return scheme + "://" + host + ":" + port;
        }
    }

    /**
     * What is asked.
     *
     * @param template the path, with names in braces for what is different each time; {@link #REDACTED} where it is not to be told
     */
    public record Request(String method, Server server, String template) {}
}
