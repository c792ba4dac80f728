package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.ClientCall;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** Requests to one server that speaks JSON and takes bearer tokens, each a span under the current one. Thread-safe. */
final class TrackingHttp {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_TOLD = 300;

    /**
     * What is wrong with the request itself, and so would be again: malformed, conflicting, too large, unprocessable. Not among them are
     * those that setting up or mending the server changes: rights, and an address at which there is no such server.
     */
    private static final Set<Integer> REFUSALS = Set.of(400, 409, 413, 422);

    private final String name;
    private final String base;
    private final Duration timeout;
    private final Tokens tokens;
    private final Tracing tracing;
    private final ClientCall.Server server;
    private final HttpClient http;

    /** Gives bearer tokens; an empty one for none. */
    @FunctionalInterface
    interface Tokens {
        String token() throws IOException;
    }

    /** The server will not take this, however often it is asked. */
    static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Asks a server.
     *
     * @param name what it is called in errors
     * @param base its address, without a slash at its end
     * @param timeout for each request
     */
    TrackingHttp(String name, String base, Duration timeout, Tokens tokens, Tracing tracing) {
        this.name = name;
        this.base = base;
        this.timeout = timeout;
        this.tokens = tokens;
        this.tracing = tracing;
        URI address = URI.create(base);
        this.server = new ClientCall.Server(address.getScheme(), address.getHost(), address.getPort());
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * Asks, whatever the answer is.
     *
     * @param template the path with what varies in braces, for the span's name
     * @param path with its query
     */
    HttpResponse<String> get(String template, String path) throws IOException {
        return send("GET", template, request(path).GET());
    }

    /** The same with a body of JSON. */
    HttpResponse<String> send(String method, String template, String path, ObjectNode body) throws IOException {
        return send(
                method,
                template,
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /** Puts a file. */
    HttpResponse<String> put(String template, String path, byte[] content) throws IOException {
        return send(
                "PUT",
                template,
                request(path)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
    }

    private HttpResponse<String> send(String method, String template, HttpRequest.Builder request) throws IOException {
        String token = tokens.token();
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var asked = new ClientCall.Request(method, server, template);
        try (ClientCall call = ClientCall.begin(tracing, Context.current(), asked, 0)) {
            call.outgoing(request::header);
            try {
                HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                call.answered(answer.statusCode());
                return answer;
            } catch (InterruptedException e) {
                call.failed(e);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " was asked", e);
            } catch (IOException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    /**
     * The answer's body.
     *
     * @param what was asked for
     * @throws RefusedException if the server will never take it
     */
    JsonNode json(String what, HttpResponse<String> answer) throws IOException {
        String body = answer.body();
        if (answer.statusCode() / 100 != 2) {
            String why = name + " answered " + what + " with " + answer.statusCode() + ": "
                    + body.substring(0, Math.min(MOST_TOLD, body.length()));
            throw REFUSALS.contains(answer.statusCode()) ? new RefusedException(why) : new IOException(why);
        }
        return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
    }
}
