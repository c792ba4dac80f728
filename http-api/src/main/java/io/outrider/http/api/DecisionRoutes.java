package io.outrider.http.api;

import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.event.Label;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.AlertSearch.Known;
import io.outrider.core.port.PastDecisions;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
 * ones, the alert store of those that raised an alert or are in the review sample, the lake of others.
 */
final class DecisionRoutes extends AllDirectives {

    private static final int DATE_CHARS = "2026-03-04".length();

    private final AccountQueries accounts;
    private final AlertSearch search;
    private final PastDecisions past;

    DecisionRoutes(AccountQueries accounts, AlertSearch search, PastDecisions past) {
        this.accounts = accounts;
        this.search = search;
        this.past = past;
    }

    Route route() {
        return path(
                PathMatchers.segment("transactions").slash(PathMatchers.segment()),
                id -> get(() -> extractRequest(request -> completeWithFuture(decision(id, request)))));
    }

    private CompletionStage<HttpResponse> decision(String id, HttpRequest request) {
        String account = PageParameters.single(request, "account");
        LocalDate on = date(request);
        CompletionStage<Optional<AccountView>> view =
                account == null ? CompletableFuture.completedFuture(Optional.empty()) : accounts.account(account);
        return view.thenCombine(search.transaction(account, id), (found, known) -> kept(id, on, found, known))
                .thenCompose(kept ->
                        kept.isEmpty() ? older(account, id, on) : CompletableFuture.completedFuture(kept.answer(id)));
    }

    /** What the account and the alert store say. */
    private record Kept(List<ScoredTransaction> recent, List<Known> known) {

        boolean isEmpty() {
            return recent.isEmpty() && known.isEmpty();
        }

        HttpResponse answer(String id) {
            return Json.ok(json -> DecisionJson.kept(json, id, recent, known));
        }
    }

    private static Kept kept(String id, @Nullable LocalDate on, Optional<AccountView> view, List<Known> known) {
        return new Kept(
                view.map(AccountView::recentTransactions).orElse(List.of()).stream()
                        .filter(transaction -> transaction.hasId(id) && isOn(on, transaction.eventTimeMs()))
                        .toList(),
                known.stream()
                        .filter(each -> isOn(on, DecisionJson.transaction(each).eventTimeMs()))
                        .toList());
    }

    private CompletionStage<HttpResponse> older(@Nullable String account, String id, @Nullable LocalDate on) {
        if (account == null) {
            throw unknown(id, "No recent alert is of this transaction; name its account (?account=…) to look further.");
        }
        return past.past(account, id, on).thenApply(found -> {
            if (found.found().isEmpty()) {
                throw unknown(
                        id,
                        "It is none of the account's last transactions, raised no alert that is kept, is not in the review"
                                + " sample, and does not stand in what was looked through of the lake: "
                                + String.join("; ", found.lookedThrough()) + "."
                                + (on == null
                                        ? " With its date (&on=2026-03-04, UTC) older ones are looked for."
                                        : ""));
            }
            Label label = label(account, id);
            return Json.ok(json -> DecisionJson.past(json, id, found.found(), label));
        });
    }

    private @Nullable Label label(String account, String id) {
        return search.labels(account, id).stream()
                .reduce((one, other) -> other.replaces(one) ? other : one)
                .orElse(null);
    }

    private static boolean isOn(@Nullable LocalDate on, long timeMs) {
        return on == null || on.equals(LocalDate.ofInstant(Instant.ofEpochMilli(timeMs), ZoneOffset.UTC));
    }

    private static @Nullable LocalDate date(HttpRequest request) {
        String text = PageParameters.single(request, "on");
        if (text == null) {
            return null;
        }
        try {
            if (text.length() == DATE_CHARS) { // a year of more digits is ISO-8601, too, and none that any log is of
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw new ProblemException(Problem.ofField(
                ProblemType.INVALID_PARAMETER, "on", text, "on must be a date such as 2026-03-04, taken as UTC."));
    }

    private static ProblemException unknown(String id, String detail) {
        return new ProblemException(Problem.ofField(ProblemType.UNKNOWN_TRANSACTION, "id", id, detail));
    }
}
