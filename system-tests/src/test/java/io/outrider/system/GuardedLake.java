package io.outrider.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a blob server on loopback as Azure's access control does before the lake, for one identity: it passes on what its roles
 * allow, answers 403 to the rest, and notes both.
 */
final class GuardedLake implements AutoCloseable {

    /** An account of Azurite's that no other test uses; .ci/azurite makes it. The key is the one that Azurite publishes. */
    private static final String ACCOUNT = "guarded";

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /** What the JDK's client sets by itself, and what holds for one hop only. */
    private static final Set<String> OWN =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "keep-alive");

    private final URI target;
    private final Set<String> containers;
    private final Set<String> readable;
    private final Set<String> writable;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private final Set<String> refused = new ConcurrentSkipListSet<>();

    /**
     * Begins to listen.
     *
     * @param target the blob server
     * @param containers all that there are
     * @param readable those that the identity may read, beside the writable ones
     * @param writable those that it may read and write
     */
    GuardedLake(URI target, Set<String> containers, Set<String> readable, Set<String> writable) throws IOException {
        this.target = target;
        this.containers = Set.copyOf(containers);
        this.readable = Set.copyOf(readable);
        this.writable = Set.copyOf(writable);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String connectionString() {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + KEY
                + ";BlobEndpoint=http://127.0.0.1:" + server.getAddress().getPort() + "/" + ACCOUNT + ";";
    }

    /** What the identity did, as "reads CONTAINER" and "writes CONTAINER". */
    Set<String> used() {
        return used;
    }

    /** What it tried and may not. */
    Set<String> refused() {
        return refused;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (mayPass(exchange)) {
                answer(exchange, forward(exchange, body));
            } else {
                exchange.getResponseHeaders().set("x-ms-error-code", "AuthorizationPermissionMismatch");
                exchange.sendResponseHeaders(403, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayPass(HttpExchange exchange) {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String container = path.length > 2 ? path[2] : "";
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String method = exchange.getRequestMethod();
        if (method.equals("PUT") && query.contains("restype=container")) {
            // The containers are there, made by Terraform; here they come to be when they are first written to.
            if (containers.contains(container)) {
                return true;
            }
            refused.add("makes " + container);
            return false;
        }
        boolean reads = method.equals("GET") || method.equals("HEAD");
        String act = (reads ? "reads " : "writes ") + container;
        boolean allowed = writable.contains(container) || (reads && readable.contains(container));
        (allowed ? used : refused).add(act);
        return allowed;
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        boolean empty = body.length == 0 && !exchange.getRequestMethod().equals("PUT");
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        empty ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        answer.headers().map().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT)) || (head && name.equalsIgnoreCase("content-length"))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        byte[] content = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), content.length == 0 ? -1 : content.length);
        if (content.length > 0) {
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
