package io.outrider.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks an Outrider over HTTP; what it refuses is a {@link CommandException} in its own words. */
public final class ApiClient {

    /** Nobody answers, or nobody who can; perhaps later. */
    public static final class AwayException extends CommandException {

        private AwayException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The node understood and refused. */
    public static final class RefusedException extends CommandException {

        private final String type;
        private final @Nullable Duration retryAfter;

        private RefusedException(String message, String type, @Nullable Duration retryAfter) {
            super(message);
            this.type = type;
            this.retryAfter = retryAfter;
        }

        /** The problem's {@code type}; empty where there was no problem document. */
        public String type() {
            return type;
        }

        /** When to ask again, where the node said so. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    private final String base;
    private final String token;

    /**
     * A client of one node.
     *
     * @param base such as {@code http://127.0.0.1:8080}, with or without a path in front of the API's own
     * @param token sent as bearer token, where it is not empty
     */
    public ApiClient(String base, String token) {
        URI uri;
        try {
            uri = URI.create(base);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--url is no address: " + base, e);
        }
        if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
            throw new CommandException("--url must be like http://127.0.0.1:8080: " + base);
        }
        this.base = base.replaceAll("/+$", "");
        this.token = token;
    }

    /** Reads a resource. */
    public JsonNode get(String path) {
        return json(send(request(path).GET().build(), BodyHandlers.ofString()));
    }

    /**
     * Has something done.
     *
     * @param key the same for every attempt at the same wish
     */
    public JsonNode post(String path, JsonNode body, String key) {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return json(send(request, BodyHandlers.ofString()));
    }

    /**
     * Reads server-sent events' data.
     *
     * @param each is given each; false ends it
     * @return whether it ended by the reader's will, not because the connection did
     */
    public boolean follow(String path, Predicate<JsonNode> each) {
        HttpRequest request =
                request(path).header("Accept", "text/event-stream").GET().build();
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                throw refused(response, lines.lines().reduce("", String::concat));
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ") && !each.test(parse(line.substring("data: ".length())))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_LIMIT);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new AwayException("no Outrider answers at " + base + " (" + e + "); say where with --url", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        return parse(response.body());
    }

    private static RuntimeException refused(HttpResponse<?> response, String body) {
        int status = response.statusCode();
        String detail = body;
        String type = "";
        try {
            JsonNode problem = JSON.readTree(body);
            detail = problem.path("detail").asText(body);
            type = problem.path("type").asText("");
        } catch (JsonProcessingException e) {
            detail = body + " (no problem document)";
        }
        String words = detail.isBlank() ? "the answer was " + status : detail;
        if (status == 502 || status == 503) {
            return new AwayException(words, null);
        }
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
        return new RefusedException(words, type, retryAfter);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CommandException("the answer is not Outrider's: " + e.getOriginalMessage(), e);
        }
    }
}
