package io.outrider.http.access;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.Uri.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through whose caller may do what it asks for, by the {@link AuthorizationTable}. Without settings everybody
 * may do everything: that is for loopback. Thread-safe.
 */
public final class Gate {

    private static final String SCHEME = "Bearer ";

    private final @Nullable BearerTokens tokens;
    private final Executor verifying;

    /** @param verifying where tokens are verified, which may block */
    public Gate(Optional<OidcSettings> oidc, Executor verifying) {
        this.tokens = oidc.map(BearerTokens::new).orElse(null);
        this.verifying = verifying;
    }

    /**
     * A request that was let through.
     *
     * @param request with its {@link Caller}
     * @param operation its row; empty for one that the table does not know, which with authentication is OPTIONS only
     */
    public record Admitted(HttpRequest request, Optional<Operation> operation) {}

    /** Fails with a {@link ProblemException} when the caller must not, or with an exception if that cannot be known now. */
    public CompletionStage<Admitted> admit(HttpRequest request) {
        String[] path = segments(request);
        Optional<Operation> operation = AuthorizationTable.find(request.method().value(), path);
        BearerTokens verifier = tokens;
        if (verifier == null) {
            return admitted(request, Caller.LOCAL, operation);
        }
        if (operation.isPresent() && operation.get().role() == null) {
            return admitted(request, Caller.ANYBODY, operation);
        }
        return token(request).thenApplyAsync(verifier::verify, verifying).thenApply(caller -> {
            if (operation.isPresent()) {
                check(caller, operation.get());
            } else if (!asksForMethods(request, path)) {
                throw unlisted(request, path);
            }
            return new Admitted(caller.markOn(request), operation);
        });
    }

    private static CompletionStage<Admitted> admitted(
            HttpRequest request, Caller caller, Optional<Operation> operation) {
        return CompletableFuture.completedFuture(new Admitted(caller.markOn(request), operation));
    }

    private static void check(Caller caller, Operation operation) {
        Role needed = operation.role();
        if (needed != null && !caller.may(needed)) {
            throw new ProblemException(Problem.of(
                            ProblemType.FORBIDDEN,
                            "This needs the role " + needed.wireName() + "; the token carries "
                                    + caller.role().map(Role::wireName).orElse("none of this API's roles") + ".")
                    .withHeader("WWW-Authenticate", "Bearer realm=\"outrider\", error=\"insufficient_scope\""));
        }
    }

    /** No route does anything on OPTIONS, so the answer is which methods there are. */
    private static boolean asksForMethods(HttpRequest request, String[] path) {
        return request.method().equals(HttpMethods.OPTIONS)
                && !AuthorizationTable.methods(path).isEmpty();
    }

    /** Whether there is a route that the table does not list is nobody's business: it is not served. */
    private static ProblemException unlisted(HttpRequest request, String[] path) {
        List<String> methods = AuthorizationTable.methods(path);
        if (methods.isEmpty()) {
            return new ProblemException(Problem.of(
                    ProblemType.NOT_FOUND,
                    "There is no resource at " + request.getUri().path() + "; see /openapi.yaml."));
        }
        String allowed = Stream.concat(methods.stream(), Stream.of("OPTIONS"))
                .flatMap(method -> method.equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(method))
                .collect(Collectors.joining(", "));
        return new ProblemException(Problem.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        request.method().value() + " is not possible here; " + allowed + " are.")
                .withHeader("Allow", allowed));
    }

    private static CompletionStage<String> token(HttpRequest request) {
        List<String> given = new ArrayList<>();
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("authorization")) {
                given.add(header.value());
            }
        }
        if (given.size() != 1 || !given.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return CompletableFuture.failedFuture(new ProblemException(Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "This needs a bearer token, once, in the header Authorization.")
                    .withHeader("WWW-Authenticate", "Bearer realm=\"outrider\"")));
        }
        return CompletableFuture.completedFuture(
                given.get(0).substring(SCHEME.length()).strip());
    }

    /** The path as routes see it: each segment decoded by itself, so that an encoded slash parts nothing. */
    private static String[] segments(HttpRequest request) {
        List<String> segments = new ArrayList<>();
        String current = "";
        for (Path rest = request.getUri().asScala().path(); !rest.isEmpty(); rest = rest.tail()) {
            if (rest.head() instanceof String segment) {
                current = segment;
            } else {
                segments.add(current);
                current = "";
            }
        }
        segments.add(current);
        return segments.toArray(String[]::new);
    }
}
