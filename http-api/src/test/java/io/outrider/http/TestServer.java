package io.outrider.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.outrider.http.access.TokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/** The API over a {@link FakeNode}, on a free port, and a client for it. */
final class TestServer implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> SMALL_LIMITS = Map.of(
            "outrider.http.port", 0,
            "outrider.http.max-request-bytes", 20_000,
            "outrider.http.max-events-per-request", 50,
            "outrider.http.max-scores-per-request", 5,
            "outrider.http.default-page-size", 10,
            "outrider.http.max-page-size", 20,
            "outrider.http.stream-heartbeat", "200 ms");

    final FakeNode node = new FakeNode();
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "http-test");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpApi api;
    private final ServerBinding binding;

    TestServer() {
        this(Map.of());
    }

    /** With settings, by their keys under {@code outrider.http}. */
    TestServer(Map<String, Object> settings) {
        this(settingsOf(settings));
    }

    /** Where callers must send a token of this issuer's. */
    static TestServer withTokensOf(TokenIssuer issuer) {
        return new TestServer(authentication(issuer));
    }

    static Map<String, Object> authentication(TokenIssuer issuer) {
        return Map.of(
                "authentication.mode",
                "oidc",
                "authentication.issuer",
                TokenIssuer.ISSUER,
                "authentication.audience",
                TokenIssuer.AUDIENCE,
                "authentication.jwks-url",
                issuer.keysUrl());
    }

    static HttpSettings settingsOf(Map<String, Object> changes) {
        return HttpSettings.of(ConfigFactory.parseMap(changes)
                .atPath("outrider.http")
                .withFallback(ConfigFactory.parseMap(SMALL_LIMITS))
                .withFallback(ConfigFactory.load()));
    }

    private TestServer(HttpSettings settings) {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(Examples.TIME_MS), ZoneOffset.UTC);
        api = new HttpApi(system, settings, node.ports(), clock);
        binding = api.bind(HttpApi.Surface.EVERYTHING).toCompletableFuture().join();
    }

    ActorSystem<Void> system() {
        return system;
    }

    int port() {
        return binding.localAddress().getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String contentType, String body) {
        return send("POST", path, body, "Content-Type", contentType);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends the very bytes and returns all of the answer; for requests that no proper client sends. */
    String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        api.close(binding, Duration.ofSeconds(1)).toCompletableFuture().join();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
