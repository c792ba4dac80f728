package io.outrider.http.api;

import io.outrider.core.port.TransactionIntake;
import io.outrider.http.HttpSettings;
import io.outrider.http.problem.ProblemType;
import io.outrider.http.trace.RequestTracing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST transactions}: one JSON object, an array of them, or NDJSON. The answer is a {@link
 * Submission}'s.
 */
final class TransactionRoutes extends AllDirectives {

    private static final Submission SUBMISSION = new Submission(ProblemType.INVALID_TRANSACTION, "transaction");

    private final TransactionIntake intake;
    private final RequestBody body;

    TransactionRoutes(TransactionIntake intake, HttpSettings settings) {
        this.intake = intake;
        this.body = new RequestBody(settings, settings.maxEventsPerRequest());
    }

    Route route() {
        return path(
                "transactions",
                () -> post(() -> extractRequest(request -> body.content(content ->
                        completeWithFuture(RequestTracing.within(request, () -> submit(content.events())))))));
    }

    private CompletionStage<HttpResponse> submit(List<byte[]> events) {
        if (events.isEmpty()) {
            return CompletableFuture.completedFuture(SUBMISSION.answer(List.of()));
        }
        return intake.submit(events).thenApply(SUBMISSION::answer);
    }
}
