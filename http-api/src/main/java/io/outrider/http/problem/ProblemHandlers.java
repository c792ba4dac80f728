package io.outrider.http.problem;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.outrider.core.port.UnavailableException;
import io.outrider.http.trace.RequestTracing;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what goes wrong inside the routes into problem documents. */
public final class ProblemHandlers extends AllDirectives {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandlers.class);

    private final Duration retryAfter;

    public ProblemHandlers(Duration retryAfter) {
        this.retryAfter = retryAfter;
    }

    /** For requests that no route took. OPTIONS is answered here too: what the routes reject is what they allow. */
    public RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(MethodRejection.class, this::methodNotAllowed)
                .handleAll(
                        Rejection.class,
                        rejections -> fail(
                                Problem.of(ProblemType.BAD_REQUEST, "The request was refused: " + rejections.get(0))))
                .handleNotFound(extractRequest(request -> complete(Problem.of(
                                ProblemType.NOT_FOUND,
                                "There is no resource at " + request.getUri().path() + "; see /openapi.yaml.")
                        .response(request.getUri().path()))))
                .build();
    }

    public ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(error -> extractRequest(
                        request -> complete(RequestTracing.within(request, () -> response(error, request)))))
                .build();
    }

    /** The answer when none came in time. */
    public HttpResponse timeout(HttpRequest request, Duration after) {
        return withRetryAfter(Problem.of(
                        ProblemType.TIMEOUT,
                        "No answer within " + after.toSeconds() + " s; what was asked may still happen.")
                .response(request.getUri().path()));
    }

    private HttpResponse response(Throwable error, HttpRequest request) {
        String path = request.getUri().path();
        Throwable cause = unwrapped(error);
        if (cause instanceof ProblemException known) {
            HttpResponse answer = known.problem().response(path);
            return known.problem().type().status() == 503 ? withRetryAfter(answer) : answer;
        }
        if (cause instanceof UnavailableException unavailable) {
            return withRetryAfter(Problem.of(ProblemType.UNAVAILABLE, String.valueOf(unavailable.getMessage()))
                    .response(path));
        }
        if (cause instanceof EntityStreamSizeException size) {
            return Problem.of(ProblemType.TOO_LARGE, "The body may have at most " + size.limit() + " bytes.")
                    .response(path);
        }
        if (cause instanceof TimeoutException) {
            return Problem.of(ProblemType.REQUEST_TIMEOUT, "The body did not arrive in time.")
                    .response(path);
        }
        if (cause instanceof IllegalUriException uri) {
            return Problem.of(ProblemType.BAD_REQUEST, uri.info().summary()).response(path);
        }
        if (cause
                instanceof
                EntityStreamException broken) { // the client went away in the middle, or sent no proper chunk
            return ParsingProblems.of(400, broken.info().summary()).response(path);
        }
        if (cause instanceof IllegalRequestException illegal) {
            return ParsingProblems.of(
                            illegal.status().intValue(), illegal.info().summary())
                    .response(path);
        }
        String errorId = UUID.randomUUID().toString();
        LOG.error("{} {} failed, error {}", request.method().value(), withoutIds(path), errorId, cause);
        return Problem.of(ProblemType.INTERNAL, "This is a defect; the server's log has it under " + errorId + ".")
                .with("errorId", JsonNodeFactory.instance.textNode(errorId))
                .response(path);
    }

    /** What follows the name of a collection may be an account's number, which logs are not to have. */
    private static String withoutIds(String path) {
        return path.replaceFirst("^(/api/v1/[^/]*/).*", "$1…");
    }

    private Route methodNotAllowed(List<MethodRejection> rejections) {
        String allowed = rejections.stream()
                .map(rejection -> rejection.supported().value())
                .flatMap(method -> method.equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(method))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", ", "", ", OPTIONS"));
        RawHeader allow = RawHeader.create("Allow", allowed);
        return extractRequest(request -> {
            if (request.method().equals(HttpMethods.OPTIONS)) {
                return complete(HttpResponse.create().withStatus(204).addHeader(allow));
            }
            Problem problem = Problem.of(
                    ProblemType.METHOD_NOT_ALLOWED,
                    request.method().value() + " is not possible here; " + allowed + " are.");
            return complete(problem.response(request.getUri().path()).addHeader(allow));
        });
    }

    private Route fail(Problem problem) {
        return extractRequest(
                request -> complete(problem.response(request.getUri().path())));
    }

    private HttpResponse withRetryAfter(HttpResponse response) {
        return response.addHeader(RawHeader.create("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
    }

    private static Throwable unwrapped(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
