package io.outrider.http.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of access tokens on a free port, good ones and all kinds of bad ones. */
public final class TokenIssuer implements AutoCloseable {

    public static final String ISSUER = "https://issuer.example/tenant";
    public static final String AUDIENCE = "api://outrider";

    /** RSA, as Entra ID uses it; the others are elliptic curves, since new ones of those cost nothing. */
    private static final RSAKey FIRST = rsaKey();

    private static final ECKey STRANGER = ecKey("never-published");
    private static final ECKey IMPOSTOR = ecKey("first");

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile JWK key = FIRST;
    private volatile JWKSet published;

    public TokenIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        published = new JWKSet(key);
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = published.toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    public String keysUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    /** How often the keys were asked for. */
    public int fetches() {
        return fetches.get();
    }

    /** Signs with a new key from now on, and publishes only that. */
    public void rotate(String keyId) {
        key = ecKey(keyId);
        published = new JWKSet(key);
    }

    /** A good token with these roles. */
    public String token(String... roles) {
        return signed(claims(roles).build());
    }

    public String expired(String role) {
        return signed(claims(role).expirationTime(in(-120)).build());
    }

    public String notYetValid(String role) {
        return signed(claims(role).notBeforeTime(in(120)).build());
    }

    public String ofAnotherAudience(String role) {
        return signed(claims(role).audience("api://another").build());
    }

    public String ofAnotherIssuer(String role) {
        return signed(claims(role).issuer("https://issuer.example/other").build());
    }

    public String unsigned(String role) {
        return new PlainJWT(claims(role).build()).serialize();
    }

    /** HS256 with what everybody can read as its secret: the published key's own text. */
    public String signedWithThePublicKey(String role) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims(role).build());
            token.sign(new MACSigner(FIRST.toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another's claims under this one's signature. */
    public String tampered(String role) {
        String[] viewer = token("viewer").split("\\.", -1);
        String[] other = signed(claims(role).subject("mallory").build()).split("\\.", -1);
        return viewer[0] + "." + other[1] + "." + viewer[2];
    }

    public String ofAnUnknownKey(String role) {
        return signed(STRANGER, claims(role).build());
    }

    /** The right key id over a key of somebody else. */
    public String ofAnotherKeyUnderTheSameId(String role) {
        return signed(IMPOSTOR, claims(role).build());
    }

    public JWTClaimsSet.Builder claims(String... roles) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("somebody")
                .expirationTime(in(600))
                .claim("roles", List.of(roles));
    }

    public String signed(JWTClaimsSet claims) {
        return signed(key, claims);
    }

    private static String signed(JWK with, JWTClaimsSet claims) {
        try {
            boolean rsa = with instanceof RSAKey;
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(rsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
                            .keyID(with.getKeyID())
                            .build(),
                    claims);
            token.sign(rsa ? new RSASSASigner(with.toRSAKey()) : new ECDSASigner(with.toECKey()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey rsaKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("first").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ecKey(String keyId) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Date in(int seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
