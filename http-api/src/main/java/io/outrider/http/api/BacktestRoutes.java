package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.port.Backtests;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET backtest/runs/{id}/report}: what a backtest found. Its run is started and followed like all others ({@link RunRoutes}). */
final class BacktestRoutes extends AllDirectives {

    private final Backtests backtests;

    BacktestRoutes(Backtests backtests) {
        this.backtests = backtests;
    }

    Route route() {
        return path(
                PathMatchers.segment(Backtests.KIND)
                        .slash("runs")
                        .slash(PathMatchers.segment())
                        .slash("report"),
                id -> get(() -> completeWithFuture(report(id))));
    }

    private CompletionStage<HttpResponse> report(String id) {
        return backtests.report(id).thenApply(found -> {
            BacktestResult result = found.orElseThrow(() -> new ProblemException(Problem.ofField(
                    ProblemType.UNKNOWN_RUN,
                    "id",
                    id,
                    "No report is kept of a run of this id: there is none, it did not succeed, newer ones have pushed it out,"
                            + " or an account was erased since.")));
            return Json.ok(json -> write(json, result));
        });
    }

    private static void write(JsonGenerator json, BacktestResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("modelVersion", result.modelVersion());
        Json.text(json, "againstVersion", result.againstVersion().isEmpty() ? null : result.againstVersion());
        json.writeNumberField("events", result.events());
        json.writeArrayFieldStart("days");
        for (BacktestResult.Day day : result.days()) {
            json.writeStartObject();
            json.writeStringField("date", day.date());
            json.writeNumberField("events", day.events());
            json.writeNumberField("alerts", day.alerts());
            json.writeNumberField("againstAlerts", day.againstAlerts());
            json.writeNumberField("episodes", day.episodes());
            json.writeNumberField("againstEpisodes", day.againstEpisodes());
            json.writeEndObject();
        }
        json.writeEndArray();
        predicted(json, "alertsPerDay", result.alertsPerDay());
        predicted(json, "episodesPerDay", result.episodesPerDay());
        predicted(json, "alertRate", result.alertRate());
        json.writeObjectFieldStart("metrics");
        for (Map.Entry<String, Double> metric : result.metrics().entrySet()) {
            Json.number(json, metric.getKey(), metric.getValue());
        }
        json.writeEndObject();
        changes(json, "appear", result.appear());
        changes(json, "vanish", result.vanish());
        Json.texts(json, "notes", result.notes());
        json.writeEndObject();
    }

    private static void predicted(JsonGenerator json, String field, BacktestResult.Predicted predicted)
            throws IOException {
        json.writeObjectFieldStart(field);
        Json.number(json, "mean", predicted.mean());
        Json.number(json, "low", predicted.low());
        Json.number(json, "high", predicted.high());
        json.writeEndObject();
    }

    private static void changes(JsonGenerator json, String field, BacktestResult.Changes changes) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("count", changes.count());
        json.writeArrayFieldStart("alerts");
        for (BacktestResult.Changed alert : changes.alerts()) {
            json.writeStartObject();
            json.writeStringField("transactionId", alert.transactionId());
            json.writeStringField("account", alert.account());
            json.writeStringField("eventTime", alert.eventTime());
            Json.number(json, "amount", alert.amount());
            Json.number(json, "score", alert.score());
            Json.number(json, "againstScore", alert.againstScore());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
