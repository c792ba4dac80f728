package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** MLflow's REST API, version 2.0: JSON to and fro, and artifacts through the server. Thread-safe. */
final class MlflowApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final int NOT_FOUND = 404;

    private final TrackingHttp http;

    MlflowApi(MlflowSettings settings, TrackingHttp.Tokens tokens, Tracing tracing) {
        this.http = new TrackingHttp("MLflow", settings.base(), settings.timeout(), tokens, tracing);
    }

    static ObjectNode body() {
        return JSON.createObjectNode();
    }

    /** Asks; empty where the server has no such thing. */
    Optional<JsonNode> get(String path, String key, String value) throws IOException {
        String query = key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        HttpResponse<String> answer = http.get(API + path, API + path + "?" + query);
        return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(http.json(path, answer));
    }

    JsonNode post(String path, ObjectNode body) throws IOException {
        return http.json(path, http.send("POST", API + path, API + path, body));
    }

    /** Creates something; nothing happens where it is there already. */
    void create(String path, ObjectNode body) throws IOException {
        HttpResponse<String> answer = http.send("POST", API + path, API + path, body);
        if (!answer.body().contains("RESOURCE_ALREADY_EXISTS")) {
            http.json(path, answer);
        }
    }

    /** Puts a file where the server keeps artifacts. */
    void putArtifact(String path, byte[] content) throws IOException {
        http.json("artifact " + path, http.put(ARTIFACTS + "{path}", ARTIFACTS + path, content));
    }
}
