package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that is repeated with the same {@code Idempotency-Key} by the first answer, so that a client which lost
 * it can ask again and nothing happens twice. A repeat with another body is a conflict. Answers that say "later" (5xx, 429)
 * are not kept. Each node keeps its own, the newest of a bounded number for a bounded time. Thread-safe.
 */
public final class IdempotencyKeys {

    /** Stands on every answer that was given before. */
    public static final HttpHeader REPLAYED = RawHeader.create("Idempotent-Replayed", "true");

    private static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final long MAX_KEPT_BYTES = 64L << 20;

    private final ActorSystem<?> system;
    private final long maxBytes;
    private final Duration retention;
    private final Clock clock;
    private final int maxKeys;
    private final long bodyTimeoutMs;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private long keptBytes;

    private record Kept(String content, long until, CompletableFuture<HttpResponse> answer) {

        long bytes() {
            boolean there = answer.isDone() && !answer.isCompletedExceptionally();
            return there ? answer.join().entity().getContentLengthOption().orElse(0) : 0;
        }
    }

    public IdempotencyKeys(ActorSystem<?> system, TrafficSettings settings, long maxBytes, Clock clock) {
        this.system = system;
        this.maxBytes = maxBytes;
        this.retention = settings.idempotencyRetention();
        this.clock = clock;
        this.maxKeys = settings.idempotencyKeys();
        this.bodyTimeoutMs = settings.bodyTimeout().toMillis();
    }

    /** The answer of {@code handler}, or of an earlier request of the same caller with the same key. */
    public CompletionStage<HttpResponse> once(
            HttpRequest request, String caller, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        String key = key(request);
        if (key == null) {
            return handler.apply(request);
        }
        String scope = String.join(
                "\n", caller, request.method().value(), request.getUri().path(), key);
        // The size limit says what is too large; the reading's own would be another kind of error.
        var bounded = request.entity().withSizeLimit(maxBytes);
        return bounded.toStrict(bodyTimeoutMs, Long.MAX_VALUE, system).thenCompose(body -> {
            HttpRequest whole = request.withEntity(body);
            Kept mine =
                    new Kept(digest(request, body), clock.millis() + retention.toMillis(), new CompletableFuture<>());
            Kept first = claim(scope, mine);
            if (first.equals(mine)) {
                return answer(scope, mine, handler, whole);
            }
            if (!first.content.equals(mine.content)) {
                throw new ProblemException(Problem.ofField(
                        ProblemType.IDEMPOTENCY_CONFLICT,
                        HEADER,
                        key,
                        "The key came with another body before; a new request needs a new key."));
            }
            return first.answer.thenApply(response -> response.addHeader(REPLAYED));
        });
    }

    /** The request's key, or null; one that is none is a problem. */
    public static @Nullable String key(HttpRequest request) {
        String key = request.getHeader(HEADER).map(HttpHeader::value).orElse(null);
        if (key != null && !KEY.matcher(key).matches()) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.INVALID_PARAMETER,
                    HEADER,
                    key,
                    HEADER + " must be 1 to 128 visible ASCII characters."));
        }
        return key;
    }

    private synchronized Kept claim(String scope, Kept mine) {
        Kept known = kept.get(scope);
        if (known != null && known.until > clock.millis()) {
            return known;
        }
        drop(scope); // so that the new one is the newest
        kept.put(scope, mine);
        shed();
        return mine;
    }

    private synchronized void complete(String scope, Kept mine, HttpResponse response) {
        mine.answer.complete(response);
        if (mine.equals(kept.get(scope))) {
            keptBytes += mine.bytes();
            boolean later =
                    response.status().intValue() >= 500 || response.status().intValue() == 429;
            if (later) {
                drop(scope);
            }
            shed();
        }
    }

    private synchronized void fail(String scope, Kept mine, Throwable failure) {
        mine.answer.completeExceptionally(failure);
        if (mine.equals(kept.get(scope))) {
            drop(scope);
        }
    }

    private void drop(String scope) {
        Kept dropped = kept.remove(scope);
        if (dropped != null) {
            keptBytes -= dropped.bytes();
        }
    }

    private void shed() {
        while (kept.size() > maxKeys || keptBytes > MAX_KEPT_BYTES) {
            drop(kept.keySet().iterator().next());
        }
    }

    private CompletionStage<HttpResponse> answer(
            String scope,
            Kept mine,
            Function<HttpRequest, CompletionStage<HttpResponse>> handler,
            HttpRequest request) {
        CompletionStage<HttpResponse> answering;
        try {
            answering = handler.apply(request).thenCompose(this::whole);
        } catch (RuntimeException e) {
            answering = CompletableFuture.failedFuture(e);
        }
        return answering.whenComplete((response, failure) -> {
            if (failure != null) {
                fail(scope, mine, failure);
            } else {
                complete(scope, mine, response);
            }
        });
    }

    /** Can be sent more than once. */
    private CompletionStage<HttpResponse> whole(HttpResponse response) {
        return response.entity() instanceof HttpEntity.Strict
                ? CompletableFuture.completedFuture(response)
                : response.entity().toStrict(bodyTimeoutMs, system).thenApply(response::withEntity);
    }

    private static String digest(HttpRequest request, HttpEntity.Strict body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String rest = body.getContentType() + "\n"
                    + request.getUri().rawQueryString().orElse("") + "\n";
            digest.update(rest.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body.getData().toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
