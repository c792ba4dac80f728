package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.port.Erasures;
import io.outrider.core.port.Erasures.Standing;
import io.outrider.http.access.Caller;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code DELETE accounts/{id}}: has an account erased; {@code erasures} and {@code erasures/{id}}: how far that is, which is
 * also the record of who had it done and when. Neither names the account.
 */
final class ErasureRoutes extends AllDirectives {

    private final Erasures erasures;

    ErasureRoutes(Erasures erasures) {
        this.erasures = erasures;
    }

    Route route() {
        return concat(
                path(
                        PathMatchers.segment("accounts").slash(PathMatchers.segment()),
                        id -> delete(() -> extractRequest(request -> completeWithFuture(erase(id, request))))),
                pathPrefix(
                        "erasures",
                        () -> concat(
                                pathEnd(() -> get(() -> completeWithFuture(all()))),
                                path(PathMatchers.segment(), id -> get(() -> completeWithFuture(one(id)))))));
    }

    private CompletionStage<HttpResponse> erase(String account, HttpRequest request) {
        if (account.isBlank()) {
            throw new ProblemException(
                    Problem.ofField(ProblemType.BAD_REQUEST, "id", account, "An account's id is not blank."));
        }
        return erasures.erase(account, Caller.of(request).subject())
                .thenApply(standing -> Json.ok(json -> write(json, standing))
                        .withStatus(StatusCodes.ACCEPTED)
                        .addHeader(Location.create(
                                "/api/v1/erasures/" + standing.request().id())));
    }

    private CompletionStage<HttpResponse> all() {
        return erasures.erasures()
                .thenApply(all -> Json.ok(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("items");
                    for (Standing standing : all) {
                        write(json, standing);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }));
    }

    private CompletionStage<HttpResponse> one(String id) {
        return erasures.erasure(id).thenApply(found -> {
            Standing standing = found.orElseThrow(() -> new ProblemException(
                    Problem.ofField(ProblemType.UNKNOWN_ERASURE, "id", id, "No erasure has this id.")));
            return Json.ok(json -> write(json, standing));
        });
    }

    private static void write(JsonGenerator json, Standing standing) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", standing.request().id());
        json.writeStringField("accountHash", standing.request().account());
        json.writeStringField("requestedBy", standing.request().by());
        json.writeStringField("requestedAt", standing.request().requestedAt());
        json.writeBooleanField("stateErased", standing.state());
        json.writeBooleanField("alertsErased", standing.alerts());
        json.writeBooleanField("datasetsErased", standing.datasets());
        json.writeBooleanField("finished", standing.finished());
        json.writeEndObject();
    }
}
