package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.ClientCall;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** MLflow's REST API, version 2.0: JSON to and fro, and artifacts through the server. Thread-safe. */
final class MlflowApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final int NOT_FOUND = 404;
    private static final int MOST_TOLD = 300;

    /**
     * What is wrong with the request itself, and so would be again: malformed, conflicting, too large, unprocessable. Not among them are
     * those that setting up or mending the server changes: rights, and an address at which there is no MLflow.
     */
    private static final Set<Integer> REFUSALS = Set.of(400, 409, 413, 422);

    /** The server will not take this, however often it is asked. */
    static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private final MlflowSettings settings;
    private final Tokens tokens;
    private final Tracing tracing;
    private final ClientCall.Server server;
    private final HttpClient http;

    /** Gives bearer tokens; an empty one for none. */
    @FunctionalInterface
    interface Tokens {
        String token() throws IOException;
    }

    MlflowApi(MlflowSettings settings, Tokens tokens, Tracing tracing) {
        this.settings = settings;
        this.tokens = tokens;
        this.tracing = tracing;
        URI base = URI.create(settings.base());
        this.server = new ClientCall.Server(base.getScheme(), base.getHost(), base.getPort());
        this.http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    static ObjectNode body() {
        return JSON.createObjectNode();
    }

    /** Asks; empty where the server has no such thing. */
    Optional<JsonNode> get(String path, String key, String value) throws IOException {
        String query = key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                send("GET", API + path, request(API + path + "?" + query).GET());
        return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(json(path, answer));
    }

    JsonNode post(String path, ObjectNode body) throws IOException {
        return json(path, send("POST", API + path, post(body, path)));
    }

    /** Creates something; nothing happens where it is there already. */
    void create(String path, ObjectNode body) throws IOException {
        HttpResponse<String> answer = send("POST", API + path, post(body, path));
        if (!answer.body().contains("RESOURCE_ALREADY_EXISTS")) {
            json(path, answer);
        }
    }

    private HttpRequest.Builder post(ObjectNode body, String path) {
        return request(API + path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    /** Puts a file where the server keeps artifacts. */
    void putArtifact(String path, byte[] content) throws IOException {
        HttpResponse<String> answer = send(
                "PUT",
                ARTIFACTS + "{path}",
                request(ARTIFACTS + path)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
        json("artifact " + path, answer);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(settings.base() + path)).timeout(settings.timeout());
    }

    /** Under the current span: the attempt's at the run that is told of. */
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
                throw new IOException("interrupted while MLflow was asked, " + settings, e);
            } catch (IOException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    private JsonNode json(String what, HttpResponse<String> answer) throws IOException {
        String body = answer.body();
        if (answer.statusCode() / 100 != 2) {
            String why = "MLflow answered " + what + " with " + answer.statusCode() + ": "
                    + body.substring(0, Math.min(MOST_TOLD, body.length()));
            throw REFUSALS.contains(answer.statusCode()) ? new RefusedException(why) : new IOException(why);
        }
        return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
    }
}
