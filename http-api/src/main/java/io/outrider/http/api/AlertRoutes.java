package io.outrider.http.api;

import io.outrider.core.alert.Alert;
import io.outrider.core.port.AlertFeed;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code alerts}, newest first; {@code alerts/{id}}; {@code alerts/stream}, as they arrive. */
final class AlertRoutes extends AllDirectives {

    private final AlertFeed alerts;
    private final PageParameters paging;
    private final AlertStream stream;

    AlertRoutes(AlertFeed alerts, PageParameters paging, Duration heartbeat, Duration retry) {
        this.alerts = alerts;
        this.paging = paging;
        this.stream = new AlertStream(heartbeat, retry);
    }

    Route route() {
        return pathPrefix(
                "alerts",
                () -> concat(
                        pathEnd(() -> get(() -> extractRequest(request -> complete(list(request))))),
                        path("stream", () -> get(() -> extractRequest(request -> complete(follow(request))))),
                        path(PathMatchers.segment(), id -> get(() -> complete(alert(id))))));
    }

    private HttpResponse list(HttpRequest request) {
        String account = PageParameters.single(request, "account");
        String cursor = PageParameters.single(request, "cursor");
        int limit = paging.limit(request);
        AlertFeed.Page page = page(account, cursor, limit);
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (Alert alert : page.items()) {
                AlertJson.write(json, alert);
            }
            json.writeEndArray();
            Json.text(json, "next", page.next());
            json.writeEndObject();
        });
    }

    private AlertFeed.Page page(@Nullable String account, @Nullable String cursor, int limit) {
        try {
            return alerts.page(account, cursor, limit);
        } catch (IllegalArgumentException e) {
            if (cursor == null) {
                throw e;
            }
            throw PageParameters.badCursor("cursor", cursor);
        }
    }

    private HttpResponse alert(String id) {
        Alert alert = alerts.find(id).orElseThrow(() -> unknown(id));
        return Json.ok(json -> AlertJson.write(json, alert));
    }

    static ProblemException unknown(String id) {
        return new ProblemException(Problem.ofField(
                ProblemType.UNKNOWN_ALERT,
                "id",
                id,
                "No alert has this id, or it is older than the recent alerts kept here."));
    }

    /** The header is what a browser sends by itself when it reconnects, so it is newer than the address it first opened. */
    private HttpResponse follow(HttpRequest request) {
        String inAddress = PageParameters.single(request, "lastEventId");
        String inHeader =
                request.getHeader("Last-Event-ID").map(HttpHeader::value).orElse(null);
        String cursor = inHeader != null && !inHeader.isBlank() ? inHeader : inAddress;
        try {
            return stream.response(alerts.stream(cursor == null || cursor.isBlank() ? null : cursor));
        } catch (IllegalArgumentException e) {
            if (cursor == null) {
                throw e;
            }
            throw PageParameters.badCursor(inHeader == null ? "lastEventId" : "Last-Event-ID", cursor);
        }
    }
}
