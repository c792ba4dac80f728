package io.outrider.http.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.outrider.core.port.UnavailableException;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies access tokens (JWT, RFC 7519 and 9068) of one issuer for one audience: signed by one of the issuer's published
 * keys with an asymmetric algorithm, and in time. Keys are fetched when first needed, kept for a while, and fetched again
 * when a token names one that is not among them, which is how an issuer rotates. Blocks while it fetches. Thread-safe.
 */
final class BearerTokens {

    /** A symmetric algorithm would let whoever knows the public key sign; {@code none} anybody. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final int FETCH_TIMEOUT_MS = 5_000;
    private static final int MAX_KEYS_BYTES = 256 * 1024;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String rolesClaim;
    private final Duration clockSkew;
    private volatile boolean keysSeen;

    BearerTokens(OidcSettings settings) {
        this.rolesClaim = settings.rolesClaim();
        this.clockSkew = settings.clockSkew();
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
                settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("exp", "sub"));
        claims.setMaxClockSkew((int) settings.clockSkew().toSeconds());
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys(settings)));
        processor.setJWTClaimsSetVerifier(claims);
    }

    private static JWKSource<SecurityContext> keys(OidcSettings settings) {
        OidcSettings.KeyCache cache = settings.cache();
        return JWKSourceBuilder.create(
                        settings.keys(),
                        new DefaultResourceRetriever(FETCH_TIMEOUT_MS, FETCH_TIMEOUT_MS, MAX_KEYS_BYTES))
                .cache(cache.maxAge().toMillis(), 2L * FETCH_TIMEOUT_MS)
                .refreshAheadCache(false)
                .rateLimited(cache.minRefreshInterval().toMillis())
                .outageTolerant(cache.outageLimit().toMillis())
                .build();
    }

    /**
     * Who holds the token. What the token itself says never gets into the problem, for it may be a secret still.
     *
     * @throws ProblemException if the token is not good
     * @throws UnavailableException if the issuer's keys cannot be had
     */
    Caller verify(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            keysSeen = true;
            return new Caller(
                    claims.getSubject(),
                    role(claims.getClaim(rolesClaim)),
                    claims.getExpirationTime().toInstant().plus(clockSkew));
        } catch (ParseException e) {
            throw invalid("It is not a signed token of three parts.");
        } catch (BadJWTException e) {
            keysSeen = true;
            throw invalid(reason(e));
        } catch (BadJOSEException e) {
            throw invalid("Its signature is not one of the issuer's, or its algorithm is not an asymmetric one.");
        } catch (KeySourceException e) {
            if (keysSeen && e instanceof RateLimitReachedException) {
                throw invalid("It names a key that the issuer did not publish when last asked.");
            }
            throw new UnavailableException("the issuer's keys cannot be fetched");
        } catch (JOSEException e) {
            throw invalid("Its signature cannot be verified.");
        }
    }

    private static String reason(BadJWTException e) {
        String message = String.valueOf(e.getMessage());
        return Stream.of("Expired", "before use", "audience", "iss", "aud", "sub", "exp")
                .filter(message::contains)
                .findFirst()
                .map(word -> switch (word) {
                    case "Expired" -> "It has expired.";
                    case "before use" -> "It is not valid yet.";
                    case "audience", "aud" -> "It is for another audience.";
                    case "iss" -> "It is from another issuer.";
                    default -> "It lacks the claim " + word + ".";
                })
                .orElse("Its claims are not those required.");
    }

    private static Optional<Role> role(@Nullable Object claim) {
        List<String> names = List.of();
        if (claim instanceof Collection<?> several) {
            names = several.stream().map(String::valueOf).toList();
        } else if (claim instanceof String text) {
            names = List.of(text.split(" "));
        }
        return names.stream().flatMap(name -> Role.named(name).stream()).max(Role::compareTo);
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(Problem.of(ProblemType.INVALID_TOKEN, "The bearer token is not accepted. " + why)
                .withHeader("WWW-Authenticate", "Bearer realm=\"outrider\", error=\"invalid_token\""));
    }
}
