package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.alert.Standing;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.Reviews;
import io.outrider.core.review.PrecisionRecallCurve;
import io.outrider.core.review.Share;
import io.outrider.core.review.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code review}: what to look at next; {@code monitoring/performance}: what follows from what was said so far. */
final class ReviewRoutes extends AllDirectives {

    private final Reviews reviews;
    private final PageParameters paging;

    ReviewRoutes(Reviews reviews, PageParameters paging) {
        this.reviews = reviews;
        this.paging = paging;
    }

    Route route() {
        return concat(
                path("review", () -> get(() -> extractRequest(request -> completeWithFuture(queue(request))))),
                path(
                        PathMatchers.segment("monitoring").slash("performance"),
                        () -> get(() -> extractRequest(request -> completeWithFuture(performance(request))))));
    }

    private CompletionStage<HttpResponse> queue(HttpRequest request) {
        Period period = AlertParameters.period(request);
        Reviews.Kind kind = AlertParameters.choice(request, "kind", Reviews.Kind.class);
        String cursor = PageParameters.single(request, "cursor");
        return reviews.queue(period, kind, cursor, paging.limit(request))
                .exceptionally(failure -> {
                    throw PageParameters.cursorFailure(cursor, failure);
                })
                .thenApply(queue -> Json.ok(json -> {
                    json.writeStartObject();
                    period(json, queue.period());
                    json.writeArrayFieldStart("items");
                    for (Reviews.Case each : queue.items()) {
                        item(json, each);
                    }
                    json.writeEndArray();
                    Json.text(json, "next", queue.next());
                    json.writeEndObject();
                }));
    }

    private static void item(JsonGenerator json, Reviews.Case each) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", each.alert() == null ? "sample" : "alert");
        Json.number(json, "chance", each.chance());
        Json.number(json, "value", each.value());
        json.writeFieldName("alert");
        if (each.alert() == null) {
            json.writeNull();
        } else {
            AlertJson.write(json, new AlertSearch.Found(each.alert(), each.label()));
        }
        json.writeFieldName("sampled");
        if (each.sampled() == null) {
            json.writeNull();
        } else {
            json.writeRawValue(new String(ScoredEventCodec.encode(each.sampled()), StandardCharsets.UTF_8));
        }
        json.writeFieldName("label");
        LabelJson.write(json, each.label());
        json.writeEndObject();
    }

    private CompletionStage<HttpResponse> performance(HttpRequest request) {
        Reviews.Segment asked = AlertParameters.choice(request, "by", Reviews.Segment.class);
        Reviews.Segment segment = asked == null ? Reviews.Segment.MODEL : asked;
        return reviews.performance(AlertParameters.period(request), segment)
                .thenApply(found -> Json.ok(json -> {
                    json.writeStartObject();
                    period(json, found.period());
                    Json.number(json, "alertBudget", found.budget());
                    json.writeFieldName("all");
                    tally(json, null, found.all());
                    json.writeStringField("by", segment.name().toLowerCase(java.util.Locale.ROOT));
                    json.writeArrayFieldStart("segments");
                    for (Reviews.Group group : found.bySegment()) {
                        tally(json, group.name(), group.tally());
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("curve");
                    for (PrecisionRecallCurve.Point point : found.curve()) {
                        json.writeStartObject();
                        Json.number(json, "threshold", point.threshold());
                        Json.number(json, "precision", point.precision());
                        Json.number(json, "recall", point.recall());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }));
    }

    private static void tally(JsonGenerator json, @Nullable String name, Tally tally) throws IOException {
        json.writeStartObject();
        if (name != null) {
            json.writeStringField("name", name);
        }
        json.writeNumberField("alerts", tally.alerts());
        json.writeNumberField("sampled", tally.sampled());
        Json.number(json, "transactions", tally.ordinary() == 0 ? Double.NaN : tally.alerts() + tally.ordinary());
        Json.number(json, "alertRate", tally.alertRate());
        json.writeObjectFieldStart("confusion");
        json.writeNumberField("truePositives", tally.alerts(Standing.FRAUD));
        json.writeNumberField("falsePositives", tally.alerts(Standing.GENUINE));
        json.writeNumberField("falseNegativesInSample", tally.sampled(Standing.FRAUD));
        json.writeNumberField("trueNegativesInSample", tally.sampled(Standing.GENUINE));
        json.writeNumberField("unlabelledAlerts", tally.alerts(Standing.UNLABELLED));
        json.writeNumberField("unlabelledInSample", tally.sampled(Standing.UNLABELLED));
        json.writeEndObject();
        share(json, "precision", tally.precision());
        share(json, "missed", tally.missed());
        share(json, "recall", tally.recall());
        json.writeEndObject();
    }

    private static void share(JsonGenerator json, String field, Share share) throws IOException {
        json.writeObjectFieldStart(field);
        Json.number(json, "value", share.value());
        Json.number(json, "low", share.low());
        Json.number(json, "high", share.high());
        json.writeEndObject();
    }

    private static void period(JsonGenerator json, Period period) throws IOException {
        Json.time(json, "from", period.fromMs());
        Json.time(json, "to", period.toMs());
    }
}
