package io.outrider.http;

import io.outrider.http.access.Caller;
import io.outrider.http.access.Gate;
import io.outrider.http.traffic.CompressedBody;
import io.outrider.http.traffic.CrossOrigin;
import io.outrider.http.traffic.EntityTags;
import io.outrider.http.traffic.Gzip;
import io.outrider.http.traffic.IdempotencyKeys;
import io.outrider.http.traffic.OpenStreams;
import io.outrider.http.traffic.QueryNames;
import io.outrider.http.traffic.RateLimit;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.japi.function.Function;

/**
 * What every request passes on its way to a route, and every answer on its way out: host and origin, who asks and whether
 * they may, how often, whether it asks for what there is, whether it is asked again; then tags and compression. Thread-safe.
 */
final class FrontDoor {

    /** Probes, scrapers and browsers may put into the query of other pages what they like. */
    private static final String VERSIONED = "/api/v1/";

    /** However long a token lives: the scheduler knows no time that is far away. */
    private static final Duration LONGEST_STREAM = Duration.ofDays(1);

    private final RequestGuard guard;
    private final CrossOrigin origins;
    private final Gate gate;
    private final RateLimit limit;
    private final IdempotencyKeys keys;
    private final OpenStreams streams;
    private final Executor executor;
    private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

    FrontDoor(
            ActorSystem<?> system,
            HttpSettings settings,
            OpenStreams streams,
            Clock clock,
            Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
        this.origins = new CrossOrigin(settings.traffic().corsOrigins());
        this.guard = new RequestGuard(settings.allowedHosts(), origins);
        this.gate = new Gate(settings.oidc(), system.dispatchers().lookup(DispatcherSelector.blocking()));
        this.limit = new RateLimit(settings.traffic(), System::nanoTime);
        this.keys = new IdempotencyKeys(system, settings.traffic(), settings.maxRequestBytes(), clock);
        this.streams = streams;
        this.executor = system.executionContext();
        this.routes = routes;
    }

    /** Fails, or throws, with what the problem handlers turn into an answer. */
    CompletionStage<HttpResponse> serve(HttpRequest request) {
        guard.check(request);
        Optional<HttpResponse> preflight = origins.preflight(request);
        if (preflight.isPresent()) {
            return CompletableFuture.completedFuture(preflight.get());
        }
        CompletionStage<Gate.Admitted> admitted = gate.admit(request);
        boolean here = admitted.toCompletableFuture().isDone();
        return admitted.handleAsync(
                        (passed, refusal) -> refusal == null ? admitted(passed) : refused(request, refusal),
                        here ? Runnable::run : executor)
                .thenCompose(response -> response)
                .thenApply(response -> Gzip.addTo(request, EntityTags.addTo(request, response)));
    }

    /** The answer as pages of other origins may read it. */
    HttpResponse out(HttpRequest request, HttpResponse response) {
        return origins.addTo(request, SecurityHeaders.addTo(response));
    }

    private CompletionStage<HttpResponse> admitted(Gate.Admitted admitted) {
        HttpRequest request = CompressedBody.expanded(admitted.request());
        Caller caller = Caller.of(request);
        boolean open =
                admitted.operation().isPresent() && admitted.operation().get().role() == null;
        if (!open) {
            limit.take("subject " + caller.subject());
        }
        admitted.operation()
                .filter(operation -> operation.template().startsWith(VERSIONED))
                .ifPresent(operation -> QueryNames.check(request, operation.parameters()));
        boolean once =
                admitted.operation().isPresent() && admitted.operation().get().once();
        CompletionStage<HttpResponse> response =
                once ? keys.once(request, caller.subject(), this::route) : route(request);
        return response.thenApply(answered -> streams.counted(endsWithToken(caller, answered)));
    }

    /** A stream of events ends when the token does with which it was asked for; whoever may go on asks again. */
    private HttpResponse endsWithToken(Caller caller, HttpResponse response) {
        if (!OpenStreams.isStream(response) || caller.until().equals(Instant.MAX)) {
            return response;
        }
        HttpEntity entity = response.entity();
        Instant now = Instant.now(); // what tokens are judged by
        Instant end = caller.until().isAfter(now.plus(LONGEST_STREAM)) ? now.plus(LONGEST_STREAM) : caller.until();
        Duration left = end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO;
        return response.withEntity(HttpEntities.createChunked(
                entity.getContentType(), entity.getDataBytes().takeWithin(left)));
    }

    /** Who is refused has no name yet, only an address. */
    private CompletionStage<HttpResponse> refused(HttpRequest request, Throwable refusal) {
        String address = request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("unknown");
        limit.take("address " + address);
        return CompletableFuture.failedFuture(refusal);
    }

    private CompletionStage<HttpResponse> route(HttpRequest request) {
        try {
            return routes.apply(request);
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
