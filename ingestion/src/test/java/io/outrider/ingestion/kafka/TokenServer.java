package io.outrider.ingestion.kafka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Entra ID on loopback: exchanges one federated token for access tokens (RS256), and publishes the key they are signed with. */
final class TokenServer implements AutoCloseable {

    static final String TENANT = "tenant";
    static final String CLIENT_ID = "outrider-detection";
    static final String AUDIENCE = "https://eventhubs.azure.net";
    static final String FEDERATED_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvdXRyaWRlci1kZXRlY3Rpb24ifQ.c2ln";

    private final HttpServer server;
    private final KeyPair key;
    private final Queue<Map<String, String>> asked = new ConcurrentLinkedQueue<>();

    private TokenServer(HttpServer server, KeyPair key) {
        this.server = server;
        this.key = key;
    }

    static TokenServer start() throws IOException, GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TokenServer server = new TokenServer(http, keys.generateKeyPair());
        http.createContext("/" + TENANT + "/oauth2/v2.0/token", server::token);
        http.createContext("/keys", server::keys);
        http.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    String keysUrl() {
        return url() + "keys";
    }

    /** The forms that tokens were asked for with, of our client only. */
    List<Map<String, String>> asked() {
        return List.copyOf(asked);
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int sign = pair.indexOf('=');
            form.put(pair.substring(0, sign), URLDecoder.decode(pair.substring(sign + 1), StandardCharsets.UTF_8));
        }
        if (!FEDERATED_TOKEN.equals(form.get("client_assertion")) || !CLIENT_ID.equals(form.get("client_id"))) {
            answer(
                    exchange,
                    401,
                    "{\"error\":\"invalid_client\",\"error_description\":\"no federated credential for "
                            + form.get("client_id") + "\"}");
            return;
        }
        asked.add(form);
        try {
            answer(
                    exchange,
                    200,
                    "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"" + signed() + "\"}");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String signed() throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String head = base64("{\"alg\":\"RS256\",\"kid\":\"1\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
        String claims = base64(("{\"sub\":\"" + CLIENT_ID + "\",\"aud\":\"" + AUDIENCE + "\",\"iat\":" + now
                        + ",\"exp\":" + (now + 3600) + "}")
                .getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.getPrivate());
        signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
        return head + "." + claims + "." + base64(signature.sign());
    }

    private void keys(HttpExchange exchange) throws IOException {
        RSAPublicKey open = (RSAPublicKey) key.getPublic();
        answer(
                exchange,
                200,
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\""
                        + number(open.getModulus()) + "\",\"e\":\"" + number(open.getPublicExponent()) + "\"}]}");
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return base64(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
