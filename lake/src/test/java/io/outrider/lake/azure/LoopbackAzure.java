package io.outrider.lake.azure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * Azure's own names on loopback: a proxy that leads {@code login.microsoftonline.com} to a server here, which exchanges one federated
 * token for access tokens, and each other name to a blob server. So the client is built as it is in a cluster, by addresses of Azure.
 */
final class LoopbackAzure implements AutoCloseable {

    static final String TENANT = "00000000-0000-0000-0000-00000000000a";
    static final String CLIENT_ID = "00000000-0000-0000-0000-000000000001";
    static final String FEDERATED_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvdXRyaWRlci1kZXRlY3Rpb24ifQ.c2ln";

    private final ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer login;
    private final int blobPort;
    private final Queue<Map<String, String>> asked = new ConcurrentLinkedQueue<>();
    private volatile String audience = "https://storage.azure.com";

    LoopbackAzure(SSLContext tls, int blobPort) throws IOException {
        this.blobPort = blobPort;
        login = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        login.setHttpsConfigurator(new HttpsConfigurator(tls));
        login.createContext("/common/discovery/instance", LoopbackAzure::instances);
        login.createContext("/" + TENANT + "/oauth2/v2.0/token", this::token);
        login.setExecutor(threads);
        login.start();
        threads.execute(this::accept);
    }

    int proxyPort() {
        return proxy.getLocalPort();
    }

    /** The forms that tokens were given for. */
    List<Map<String, String>> asked() {
        return List.copyOf(asked);
    }

    /** What tokens are for, from now on. */
    void audience(String changed) {
        audience = changed;
    }

    private static void instances(HttpExchange exchange) throws IOException {
        String host = "login.microsoftonline.com";
        answer(
                exchange,
                200,
                "{\"tenant_discovery_endpoint\":\"https://" + host + "/" + TENANT
                        + "/v2.0/.well-known/openid-configuration\",\"metadata\":[{\"preferred_network\":\"" + host
                        + "\",\"preferred_cache\":\"" + host + "\",\"aliases\":[\"" + host + "\"]}]}");
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&", -1)) {
            int sign = pair.indexOf('=');
            form.put(pair.substring(0, sign), URLDecoder.decode(pair.substring(sign + 1), StandardCharsets.UTF_8));
        }
        if (!FEDERATED_TOKEN.equals(form.get("client_assertion")) || !CLIENT_ID.equals(form.get("client_id"))) {
            answer(
                    exchange,
                    401,
                    "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS70021: No matching federated identity record found\"}");
            return;
        }
        asked.add(form);
        long now = Instant.now().getEpochSecond();
        String claims = "{\"aud\":\"" + audience + "\",\"iss\":\"https://sts.windows.net/" + TENANT + "/\",\"appid\":\""
                + CLIENT_ID + "\",\"iat\":" + now + ",\"nbf\":" + now + ",\"exp\":" + (now + 3600) + "}";
        answer(
                exchange,
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\""
                        + base64("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + base64(claims) + ".c2ln\"}");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void accept() {
        while (!proxy.isClosed()) {
            try {
                Socket client = proxy.accept();
                threads.execute(() -> lead(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Answers one CONNECT, and passes on what comes in either direction until one side ends. */
    private void lead(Socket client) {
        try (client) {
            // Nothing of TLS comes before CONNECT is answered, so the reader takes in none of it.
            BufferedReader head =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = head.readLine();
            while (!head.readLine().isEmpty()) {
                // headers
            }
            boolean toLogin = request.startsWith("CONNECT login.microsoftonline.com:443 ");
            try (Socket server = new Socket(
                    InetAddress.getLoopbackAddress(),
                    toLogin ? login.getAddress().getPort() : blobPort)) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                threads.execute(() -> pass(server, client));
                pass(client, server);
            }
        } catch (IOException e) {
            // The other side sees a broken connection.
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // Either side has ended.
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        login.stop(0);
        threads.shutdownNow();
    }
}
