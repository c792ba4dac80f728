package io.outrider.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.http.api.ApiRoutes;
import io.outrider.http.api.LiveSampler;
import io.outrider.http.console.ConsoleRoutes;
import io.outrider.http.problem.ParsingProblems;
import io.outrider.http.problem.ProblemHandlers;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.jspecify.annotations.Nullable;

/**
 * The front door: API, health, metrics and console on one loopback port. {@code ServerBinding.terminate(Duration)} closes
 * it, letting requests in flight finish.
 */
public final class HttpApi extends AllDirectives {

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

    /** What is served. */
    public enum Surface {
        EVERYTHING,
        /** Health, metrics and the API's description only. */
        OPERATIONS
    }

    private final ActorSystem<?> system;
    private final HttpSettings settings;
    private final LiveSampler sampler;
    private final ApiRoutes api;

    public HttpApi(ActorSystem<?> system, HttpSettings settings, HttpPorts ports, Clock clock) {
        this.system = system;
        this.settings = settings;
        this.sampler = new LiveSampler(ports.metrics(), clock);
        this.api = new ApiRoutes(settings, ports, sampler, clock);
    }

    /**
     * Listens. Fails with an {@link IllegalStateException} that names the address when the port is taken or cannot be
     * had.
     */
    public CompletionStage<ServerBinding> bind(Surface surface) {
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings())
                .bind(route(surface))
                .handle(this::opened);
    }

    private ServerBinding opened(@Nullable ServerBinding binding, @Nullable Throwable error) {
        if (error != null || binding == null) {
            throw new IllegalStateException(bindFailure(error), error);
        }
        Cancellable sampling = system.scheduler()
                .scheduleAtFixedRate(Duration.ZERO, SAMPLE_INTERVAL, sampler::sample, system.executionContext());
        binding.whenTerminationSignalIssued().thenAccept(ignored -> sampling.cancel());
        return binding;
    }

    private String bindFailure(@Nullable Throwable error) {
        String address = settings.host() + ":" + settings.port();
        Throwable cause = error;
        while (cause != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        return cause == null
                ? "cannot listen on " + address
                : "cannot listen on " + address + ": port " + settings.port() + " is taken (" + cause.getMessage()
                        + ")";
    }

    private Route route(Surface surface) {
        var problems = new ProblemHandlers(settings.retryAfter());
        Route routes =
                surface == Surface.EVERYTHING ? concat(api.route(), new ConsoleRoutes().route()) : api.operations();
        Route guarded = extractRequest(request -> {
            RequestGuard.check(request);
            return routes;
        });
        Route timed = withRequestTimeoutResponse(
                request -> SecurityHeaders.addTo(problems.timeout(request, settings.requestTimeout())), () -> guarded);
        return mapResponse(
                SecurityHeaders::addTo,
                () -> handleRejections(
                        problems.rejections(), () -> handleExceptions(problems.exceptions(), () -> timed)));
    }

    /** HEAD is GET without the body; how the server is built is nobody's business. */
    private ServerSettings serverSettings() {
        Config overrides = ConfigFactory.parseMap(Map.of(
                "pekko.http.server.server-header",
                "",
                "pekko.http.server.transparent-head-requests",
                true,
                "pekko.http.server.request-timeout",
                settings.requestTimeout().toMillis() + " ms",
                "pekko.http.server.parsing.max-content-length",
                settings.maxRequestBytes(),
                "pekko.http.server.parsing.error-handler",
                ParsingProblems.class.getName()));
        return ServerSettings.create(overrides.withFallback(system.settings().config()));
    }
}
