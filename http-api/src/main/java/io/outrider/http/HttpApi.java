package io.outrider.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.http.access.AuthorizationTable;
import io.outrider.http.api.ApiRoutes;
import io.outrider.http.api.LiveSampler;
import io.outrider.http.console.ConsoleRoutes;
import io.outrider.http.console.DocsRoutes;
import io.outrider.http.problem.ParsingProblems;
import io.outrider.http.problem.ProblemHandlers;
import io.outrider.http.trace.RequestTracing;
import io.outrider.http.traffic.OpenStreams;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpTerminated;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;

/**
 * The server: API, health, metrics and console on one port, behind the {@link FrontDoor}; health and metrics on another.
 */
public final class HttpApi extends AllDirectives {

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

    /** What is served. */
    public enum Surface {
        EVERYTHING,
        /** Health, metrics and the API's description only. */
        OPERATIONS
    }

    /** Long enough for what lies between a stream and its socket, on a busy machine, too. */
    private static final Duration LAST_BYTES = Duration.ofMillis(500);

    private final ActorSystem<?> system;
    private final HttpSettings settings;
    private final Clock clock;
    private final LiveSampler sampler;
    private final ApiRoutes api;
    private final OpenStreams streams;
    private final RequestTracing tracing;

    public HttpApi(ActorSystem<?> system, HttpSettings settings, HttpPorts ports, Clock clock) {
        this.system = system;
        this.settings = settings;
        this.clock = clock;
        this.sampler = new LiveSampler(ports.metrics(), clock);
        this.api = new ApiRoutes(settings, ports, sampler, clock);
        this.streams = new OpenStreams(settings.traffic().maxStreams());
        this.tracing = new RequestTracing(ports.tracing(), AuthorizationTable::template);
    }

    /**
     * Listens. Fails with an {@link IllegalStateException} that names the address when the port is taken or cannot be
     * had.
     */
    public CompletionStage<ServerBinding> bind(Surface surface) {
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings())
                .logTo(new ServerLog(system.classicSystem()))
                .bind(route(surface))
                .handle(this::opened);
    }

    /**
     * Listens for questions on health and metrics alone, on a port of their own, where the settings have one. Nobody need say
     * who they are.
     */
    public Optional<CompletionStage<ServerBinding>> bindOperations() {
        return settings.operations()
                .map(address -> Http.get(system)
                        .newServerAt(address.host(), address.port())
                        .withSettings(serverSettings())
                        .bind(mapResponse(
                                SecurityHeaders::addTo,
                                () -> withProblems(new ProblemHandlers(settings.retryAfter()), api.operations())))
                        .exceptionally(error -> {
                            throw new IllegalStateException(bindFailure(address.host(), address.port(), error), error);
                        }));
    }

    /**
     * Takes no more connections, ends the event streams, so that their clients see an end and not a failure, and closes what
     * was bound, letting other requests in flight finish within the limit.
     */
    public CompletionStage<HttpTerminated> close(ServerBinding binding, Duration limit) {
        return binding.unbind()
                .thenCompose(unbound -> streams.end())
                .thenCompose(ended -> streams.haveServed() ? lastBytes() : CompletableFuture.completedStage(ended))
                .thenCompose(ended -> binding.terminate(limit));
    }

    /** A stream that has ended still has its end to send, and nobody says when that is done; terminating would cut it off. */
    private CompletionStage<Done> lastBytes() {
        return Patterns.after(
                LAST_BYTES, system.classicSystem(), () -> CompletableFuture.completedStage(Done.getInstance()));
    }

    /** All that is counted, as it stands whenever it is asked for. */
    public Supplier<MetricSnapshots> metrics() {
        return api.metrics();
    }

    private ServerBinding opened(@Nullable ServerBinding binding, @Nullable Throwable error) {
        if (error != null || binding == null) {
            throw new IllegalStateException(bindFailure(settings.host(), settings.port(), error), error);
        }
        Cancellable sampling = system.scheduler()
                .scheduleAtFixedRate(Duration.ZERO, SAMPLE_INTERVAL, sampler::sample, system.executionContext());
        binding.whenTerminationSignalIssued().thenAccept(ignored -> sampling.cancel());
        return binding;
    }

    private static String bindFailure(String host, int port, @Nullable Throwable error) {
        String address = host + ":" + port;
        Throwable cause = error;
        while (cause != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        return cause == null
                ? "cannot listen on " + address
                : "cannot listen on " + address + ": port " + port + " is taken (" + cause.getMessage() + ")";
    }

    private Route route(Surface surface) {
        var problems = new ProblemHandlers(settings.retryAfter());
        Route routes = surface == Surface.EVERYTHING
                ? concat(api.route(), new ConsoleRoutes(settings.oidc()).route(), new DocsRoutes().route())
                : api.operations();
        var door = new FrontDoor(
                system, settings, streams, clock, withProblems(problems, routes).function(system));
        Route guarded = extractRequest(request -> completeWithFuture(door.serve(request)));
        Route timed = withRequestTimeoutResponse(
                request -> door.out(request, problems.timeout(request, settings.requestTimeout())), () -> guarded);
        return extractRequest(arrived -> {
            long began = System.nanoTime();
            HttpRequest request = tracing.begin(arrived);
            return mapRequest(
                    same -> request,
                    () -> mapResponse(
                            response -> counted(request, door.out(request, response), began),
                            () -> withProblems(problems, timed)));
        });
    }

    private HttpResponse counted(HttpRequest request, HttpResponse response, long beganNanos) {
        RequestTracing.end(request, response);
        api.requests().answered(request, response.status().intValue(), System.nanoTime() - beganNanos);
        return response;
    }

    private Route withProblems(ProblemHandlers problems, Route inner) {
        return handleRejections(problems.rejections(), () -> handleExceptions(problems.exceptions(), () -> inner));
    }

    /** HEAD is GET without the body; how the server is built is nobody's business. */
    private ServerSettings serverSettings() {
        Config overrides = ConfigFactory.parseMap(Map.of(
                "pekko.http.server.server-header",
                "",
                "pekko.http.server.transparent-head-requests",
                true,
                "pekko.http.server.remote-address-attribute",
                true,
                // Else what is wrong with a header is logged with the header, which may be a token.
                "pekko.http.server.parsing.illegal-header-warnings",
                false,
                "pekko.http.server.request-timeout",
                settings.requestTimeout().toMillis() + " ms",
                "pekko.http.server.max-connections",
                settings.traffic().maxConnections(),
                "pekko.http.server.parsing.max-content-length",
                settings.maxRequestBytes(),
                "pekko.http.server.parsing.error-handler",
                ParsingProblems.class.getName()));
        return ServerSettings.create(overrides.withFallback(system.settings().config()));
    }
}
