package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.AlertSearch.Known;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET transactions/{id}}: what was decided of a transaction, alert or not. The account's own last transactions say so of recent
 * ones, the alert store of those that raised an alert or are in the review sample; of others nothing is kept.
 */
final class DecisionRoutes extends AllDirectives {

    private final AccountQueries accounts;
    private final AlertSearch search;

    DecisionRoutes(AccountQueries accounts, AlertSearch search) {
        this.accounts = accounts;
        this.search = search;
    }

    Route route() {
        return path(
                PathMatchers.segment("transactions").slash(PathMatchers.segment()),
                id -> get(() -> extractRequest(request -> completeWithFuture(decision(id, request)))));
    }

    private CompletionStage<HttpResponse> decision(String id, HttpRequest request) {
        String account = PageParameters.single(request, "account");
        CompletionStage<Optional<AccountView>> view =
                account == null ? CompletableFuture.completedFuture(Optional.empty()) : accounts.account(account);
        return view.thenCombine(search.transaction(account, id), (found, known) -> {
            List<ScoredTransaction> recent = found.map(AccountView::recentTransactions).orElse(List.of()).stream()
                    .filter(transaction -> transaction.hasId(id))
                    .toList();
            if (known.isEmpty() && recent.isEmpty()) {
                throw unknown(id, account);
            }
            return Json.ok(json -> write(json, id, recent, known));
        });
    }

    private static ProblemException unknown(String id, @Nullable String account) {
        return new ProblemException(Problem.ofField(
                ProblemType.UNKNOWN_TRANSACTION,
                "id",
                id,
                account == null
                        ? "No recent alert is of this transaction; name its account (?account=…) to look further."
                        : "It is none of the account's last transactions, raised no alert that is kept, and is not in the"
                                + " review sample."));
    }

    private static void write(JsonGenerator json, String id, List<ScoredTransaction> recent, List<Known> known)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("transactionId", id);
        json.writeArrayFieldStart("decisions");
        for (Known each : known) {
            json.writeStartObject();
            json.writeStringField("decision", each.alert() == null ? "no-alert" : "alert");
            json.writeBooleanField("review", each.sampled() != null);
            Json.number(
                    json,
                    "score",
                    each.alert() != null
                            ? each.alert().score()
                            : each.sampled() == null
                                    ? Double.NaN
                                    : each.sampled().score());
            json.writeFieldName("alert");
            if (each.alert() == null) {
                json.writeNull();
            } else {
                AlertJson.write(json, new AlertSearch.Found(each.alert(), each.label()));
            }
            json.writeFieldName("scored");
            if (each.sampled() == null) {
                json.writeNull();
            } else {
                json.writeRawValue(new String(ScoredEventCodec.encode(each.sampled()), StandardCharsets.UTF_8));
            }
            json.writeFieldName("label");
            LabelJson.write(json, each.label());
            json.writeEndObject();
        }
        for (ScoredTransaction each : recent) {
            if (!isAmong(known, each)) {
                json.writeStartObject();
                json.writeStringField("decision", each.alertId() == null ? "no-alert" : "alert");
                json.writeBooleanField("review", each.review());
                Json.number(json, "score", each.score());
                json.writeNullField("alert");
                json.writeNullField("scored");
                json.writeNullField("label");
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static boolean isAmong(List<Known> known, ScoredTransaction transaction) {
        return known.stream()
                .anyMatch(each -> each.alert() != null
                        ? each.alert().id().equals(transaction.alertId())
                        : transaction.review()
                                && each.sampled() != null
                                && each.sampled().transaction().eventTimeMs() == transaction.eventTimeMs());
    }
}
