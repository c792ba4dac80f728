package io.outrider.http.api;

import io.outrider.core.telemetry.Buckets;
import io.outrider.http.access.AuthorizationTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * How long requests took until their answer began, by scheme, method, route and status, as OpenTelemetry's semantic conventions
 * name and bucket them. Routes are the API's templates, so that ids in paths make no series of their own. Thread-safe.
 */
public final class HttpMetrics {

    /** A series. */
    record Series(String scheme, String method, String route, int status) {}

    private final Map<Series, Buckets> durations = new ConcurrentHashMap<>();

    /** Counts a request that was answered. */
    public void answered(HttpRequest request, int status, long nanos) {
        String method = request.method().value();
        String route = AuthorizationTable.template(method, request.getUri().getPathString());
        durations
                .computeIfAbsent(new Series(request.getUri().scheme(), method, route, status), series -> buckets())
                .add(nanos / 1e9);
    }

    Map<Series, Buckets> durations() {
        return Map.copyOf(durations);
    }

    /** The bounds that the semantic conventions advise. */
    private static Buckets buckets() {
        return new Buckets(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);
    }
}
