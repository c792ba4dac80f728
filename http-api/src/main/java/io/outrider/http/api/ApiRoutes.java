package io.outrider.http.api;

import io.outrider.http.HttpPorts;
import io.outrider.http.HttpSettings;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * All of the API: what is under {@code /api/v1}, and beside it health, metrics and the API's description. Each operation has
 * a row in {@link io.outrider.http.access.AuthorizationTable} and an entry in {@code openapi.yaml}.
 */
public final class ApiRoutes extends AllDirectives {

    private final Route route;
    private final Route operations;
    private final HttpMetrics requests = new HttpMetrics();
    private final MetricsText metrics;

    public ApiRoutes(HttpSettings settings, HttpPorts ports, LiveSampler sampler, Clock clock) {
        var paging = new PageParameters(settings.defaultPageSize(), settings.maxPageSize());
        Route versioned = concat(
                new AccountRoutes(ports.accounts(), ports.alerts(), paging).route(),
                new ErasureRoutes(ports.erasures()).route(),
                new AlertRoutes(
                                ports.alerts(),
                                ports.search(),
                                paging,
                                settings.streamHeartbeat(),
                                settings.streamRetry())
                        .route(),
                new TransactionRoutes(ports.intake(), settings).route(),
                new DecisionRoutes(ports.accounts(), ports.search(), ports.past()).route(),
                new ReviewRoutes(ports.reviews(), paging).route(),
                new BatchScoreRoutes(ports.whatIf(), ports.schema()).route(),
                new LabelRoutes(ports.labels(), ports.search(), settings).route(),
                new ScoreRoutes(ports.whatIf(), ports.schema(), settings, clock).route(),
                new PopulationRoutes(ports.accounts(), ports.alerts(), clock).route(),
                new RolloutRoutes(ports.rollouts(), settings).route(),
                new DriftRoutes(ports.drift()).route(),
                new ClusterRoutes(ports.nodes()).route(),
                new QualityRoutes(ports.quality(), ports.metrics()).route(),
                new ModelRoutes(ports.models()).route(),
                new LiveRoutes(ports.status(), sampler, settings.environment()).route(),
                new BacktestRoutes(ports.backtests()).route(),
                new RunRoutes(ports.runs(), paging, settings).route());
        this.metrics = new MetricsText(ports.metrics(), ports.status(), requests, clock);
        this.operations = new OperationsRoutes(ports.status(), metrics).route();
        this.route = concat(pathPrefix(PathMatchers.segment("api").slash("v1"), () -> versioned), operations);
    }

    public Route route() {
        return route;
    }

    /** What machines ask, of any node. */
    public Route operations() {
        return operations;
    }

    /** All that is counted, as it stands whenever it is asked for. */
    public Supplier<MetricSnapshots> metrics() {
        return metrics::snapshots;
    }

    /** Where answered requests are to be counted. */
    public HttpMetrics requests() {
        return requests;
    }
}
