package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.event.EventSchema;
import io.outrider.core.port.WhatIf;
import io.outrider.http.HttpSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST score}: what would be said of transactions that have not happened. Takes one question or an array of them and
 * answers in kind; {@link ScoreQuestion} says what a question may look like. Changes nothing.
 */
final class ScoreRoutes extends AllDirectives {

    private final WhatIf whatIf;
    private final ScoreQuestion.Reader questions;
    private final RequestBody body;

    ScoreRoutes(WhatIf whatIf, EventSchema schema, HttpSettings settings, Clock clock) {
        this.whatIf = whatIf;
        this.questions = new ScoreQuestion.Reader(schema, clock);
        this.body = new RequestBody(settings, settings.maxScoresPerRequest());
    }

    Route route() {
        return path("score", () -> post(() -> body.content(content -> completeWithFuture(answer(content)))));
    }

    private CompletionStage<HttpResponse> answer(RequestBody.Content content) {
        List<ScoreQuestion> asked = new ArrayList<>(content.events().size());
        for (int i = 0; i < content.events().size(); i++) {
            asked.add(questions.read(content.events().get(i), content.single() ? null : i));
        }
        List<CompletableFuture<Json.Writer>> answers = new ArrayList<>(asked.size());
        for (ScoreQuestion question : asked) {
            answers.add(whatIf.assess(question.transaction())
                    .<Json.Writer>thenApply(verdict -> {
                        String account = whatIf.knownAs(question.transaction().account());
                        return json -> question.answer(json, account, verdict);
                    })
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(ignored -> Json.ok(json -> write(json, answers, content.single())));
    }

    private static void write(JsonGenerator json, List<CompletableFuture<Json.Writer>> answers, boolean single)
            throws IOException {
        if (single) {
            answers.get(0).join().write(json);
            return;
        }
        json.writeStartArray();
        for (CompletableFuture<Json.Writer> answer : answers) {
            answer.join().write(json);
        }
        json.writeEndArray();
    }
}
