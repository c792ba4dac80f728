package io.outrider.http.api;

import io.outrider.core.alert.AlertFilter;
import io.outrider.core.event.Label;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code alerts}, all that were ever kept: a page, or an export; {@code alerts/{id}}, and of one alert what is like it, its labels,
 * and its score again; {@code alerts/stream}, as they arrive.
 */
final class AlertRoutes extends AllDirectives {

    private static final int LIKE_DEFAULT = 10;
    private static final int LIKE_MOST = 100;

    private final AlertFeed alerts;
    private final AlertSearch search;
    private final PageParameters paging;
    private final AlertStream stream;

    AlertRoutes(AlertFeed alerts, AlertSearch search, PageParameters paging, Duration heartbeat, Duration retry) {
        this.alerts = alerts;
        this.search = search;
        this.paging = paging;
        this.stream = new AlertStream(heartbeat, retry);
    }

    Route route() {
        return pathPrefix(
                "alerts",
                () -> concat(
                        pathEnd(() -> get(() -> extractRequest(request -> completeWithFuture(list(request))))),
                        path("stream", () -> get(() -> extractRequest(request -> complete(follow(request))))),
                        path(PathMatchers.segment(), id -> get(() -> completeWithFuture(alert(id)))),
                        path(
                                PathMatchers.segment().slash("similar"),
                                id -> get(() -> extractRequest(request -> completeWithFuture(similar(id, request))))),
                        path(PathMatchers.segment().slash("labels"), id -> get(() -> completeWithFuture(labels(id)))),
                        path(
                                PathMatchers.segment().slash("replay"),
                                id -> post(() -> completeWithFuture(replay(id))))));
    }

    private CompletionStage<HttpResponse> list(HttpRequest request) {
        AlertFilter filter = AlertParameters.filter(request);
        AlertSearch.Order order = AlertParameters.order(request);
        Format format = Format.of(request);
        if (format == Format.JSON) {
            int limit = paging.limit(request);
            return page(filter, order, PageParameters.single(request, "cursor"), limit);
        }
        if (order != AlertSearch.Order.NEWEST) {
            throw AlertParameters.invalid(
                    "sort", order.name().toLowerCase(Locale.ROOT), "An export is sorted by time.");
        }
        String cursor = PageParameters.single(request, "cursor");
        if (cursor != null) {
            throw AlertParameters.invalid("cursor", cursor, "An export has no pages; narrow it with from and to.");
        }
        AlertExport export =
                new AlertExport(search, filter, paging.limit(request, Integer.MAX_VALUE, Integer.MAX_VALUE));
        return format == Format.CSV ? export.csv() : export.ndjson();
    }

    private CompletionStage<HttpResponse> page(
            AlertFilter filter, AlertSearch.Order order, @Nullable String cursor, int limit) {
        return search.search(filter, order, cursor, limit)
                .exceptionally(failure -> {
                    throw PageParameters.cursorFailure(cursor, failure);
                })
                .thenApply(page -> Json.ok(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("items");
                    for (AlertSearch.Found found : page.items()) {
                        AlertJson.write(json, found);
                    }
                    json.writeEndArray();
                    Json.text(json, "next", page.next());
                    json.writeBooleanField("incomplete", page.incomplete());
                    json.writeEndObject();
                }));
    }

    private CompletionStage<HttpResponse> alert(String id) {
        return search.findStored(id).thenApply(found -> {
            AlertSearch.Found alert = found.orElseThrow(() -> unknown(id));
            return Json.ok(json -> AlertJson.write(json, alert));
        });
    }

    private CompletionStage<HttpResponse> similar(String id, HttpRequest request) {
        return search.similar(id, paging.limit(request, LIKE_DEFAULT, LIKE_MOST))
                .thenApply(found -> {
                    List<AlertSearch.Similar> similar = found.orElseThrow(() -> unknown(id));
                    return Json.ok(json -> {
                        json.writeStartObject();
                        json.writeArrayFieldStart("items");
                        for (AlertSearch.Similar each : similar) {
                            json.writeStartObject();
                            Json.number(json, "similarity", each.similarity());
                            json.writeFieldName("alert");
                            AlertJson.write(json, each.found());
                            json.writeEndObject();
                        }
                        json.writeEndArray();
                        json.writeEndObject();
                    });
                });
    }

    /** Who said what, and when, of the alert's transaction. */
    private CompletionStage<HttpResponse> labels(String id) {
        return search.findStored(id).thenApply(found -> {
            AlertSearch.Found alert = found.orElseThrow(() -> unknown(id));
            var transaction = alert.alert().transaction();
            List<Label> history = search.labels(transaction.account(), transaction.transactionId());
            return Json.ok(json -> {
                json.writeStartObject();
                json.writeFieldName("counting");
                LabelJson.write(json, alert.label());
                json.writeArrayFieldStart("history");
                for (Label label : history) {
                    LabelJson.write(json, label);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        });
    }

    private CompletionStage<HttpResponse> replay(String id) {
        return search.replay(id).thenApply(found -> {
            AlertSearch.Replay replay = found.orElseThrow(() -> unknown(id));
            return Json.ok(json -> {
                json.writeStartObject();
                json.writeStringField("id", id);
                json.writeStringField("modelVersion", replay.modelVersion());
                Json.number(json, "recordedScore", replay.recordedScore());
                Json.number(json, "replayedScore", replay.replayedScore());
                json.writeBooleanField("equal", replay.equal());
                json.writeEndObject();
            });
        });
    }

    static ProblemException unknown(String id) {
        return new ProblemException(Problem.ofField(
                ProblemType.UNKNOWN_ALERT, "id", id, "No alert has this id, or it is older than alerts are kept."));
    }

    /** The header is what a browser sends by itself when it reconnects, so it is newer than the address it first opened. */
    private HttpResponse follow(HttpRequest request) {
        AlertFilter filter = AlertParameters.stream(request).named(alerts::knownAs);
        String inAddress = PageParameters.single(request, "lastEventId");
        String inHeader =
                request.getHeader("Last-Event-ID").map(HttpHeader::value).orElse(null);
        String cursor = inHeader != null && !inHeader.isBlank() ? inHeader : inAddress;
        try {
            return stream.response(alerts.stream(cursor == null || cursor.isBlank() ? null : cursor), filter);
        } catch (IllegalArgumentException e) {
            if (cursor == null) {
                throw e;
            }
            throw PageParameters.badCursor(inHeader == null ? "lastEventId" : "Last-Event-ID", cursor);
        }
    }
}
