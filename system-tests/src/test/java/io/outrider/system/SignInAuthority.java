package io.outrider.system;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OpenID provider on loopback, as much of one as a console needs: discovery, a page to sign in on, codes bound to their PKCE
 * challenge and good once, access tokens and their renewal.
 */
final class SignInAuthority implements AutoCloseable {

    static final String CLIENT = "desk";
    static final String AUDIENCE = "api://outrider";

    private static final String RENEWAL = "once more";

    /** A minute ahead of its end a token is renewed: so the first one is in three seconds. */
    private static final int SHORT_SECONDS = 63;

    private final HttpServer server;
    private final ECKey key;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final AtomicInteger renewals = new AtomicInteger();

    SignInAuthority() throws IOException, JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/.well-known/openid-configuration", exchange -> answer(exchange, 200, """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"}""".formatted(issuer())));
        server.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(key).toString()));
        server.createContext("/authorize", this::page);
        server.createContext("/token", this::token);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The settings of a node that asks for this authority's tokens. */
    Map<String, String> environment() {
        return Map.of(
                "OUTRIDER_AUTH_MODE",
                "oidc",
                "OUTRIDER_AUTH_ISSUER",
                issuer(),
                "OUTRIDER_AUTH_AUDIENCE",
                AUDIENCE,
                "OUTRIDER_AUTH_JWKS_URL",
                issuer() + "/keys",
                "OUTRIDER_AUTH_CONSOLE_CLIENT_ID",
                CLIENT);
    }

    /** A link that says who one is; following it leads back with a code. */
    private void page(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
        boolean good = CLIENT.equals(asked.get("client_id"))
                && "code".equals(asked.get("response_type"))
                && "S256".equals(asked.get("code_challenge_method"));
        if (!good) {
            answer(exchange, 400, "{\"error\":\"invalid_request\"}");
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        String back = asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state");
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        send(exchange, 200, "<!doctype html><title>Who are you?</title><a href=\"" + back + "\">I am Ada</a>");
    }

    private void token(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            answer(exchange, 204, "");
            return;
        }
        Map<String, String> grant = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> asked = codes.remove(grant.getOrDefault("code", ""));
        boolean first = asked != null
                && grant.getOrDefault("redirect_uri", "").equals(asked.get("redirect_uri"))
                && challenge(grant.getOrDefault("code_verifier", "")).equals(asked.get("code_challenge"));
        boolean next = RENEWAL.equals(grant.get("refresh_token"));
        if (!first && !next) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        renewals.addAndGet(next ? 1 : 0);
        answer(exchange, 200, """
                {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":%d}""".formatted(signed(), RENEWAL, next ? 600 : SHORT_SECONDS));
    }

    /** How many tokens were had for a former one's renewal. */
    int renewals() {
        return renewals.get();
    }

    private String signed() {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer(issuer())
                            .audience(AUDIENCE)
                            .subject("ada")
                            .claim("name", "Ada")
                            .claim("roles", List.of("operator"))
                            .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                            .build());
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        send(exchange, status, json);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
