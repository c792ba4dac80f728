package io.outrider.http.api;

import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code accounts}: page by page as JSON, or all of them as NDJSON; {@code accounts/{id}}: one, in full. */
final class AccountRoutes extends AllDirectives {

    private static final ContentType NDJSON =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8, "ndjson"));

    /** Accounts fetched at once during an export. */
    private static final int EXPORT_PAGE = 500;

    private static final int RECENT_ALERTS = 20;

    private final AccountQueries accounts;
    private final AlertFeed alerts;
    private final PageParameters paging;

    AccountRoutes(AccountQueries accounts, AlertFeed alerts, PageParameters paging) {
        this.accounts = accounts;
        this.alerts = alerts;
        this.paging = paging;
    }

    Route route() {
        return pathPrefix(
                "accounts",
                () -> concat(
                        pathEnd(() -> get(() -> extractRequest(request -> completeWithFuture(list(request))))),
                        path(PathMatchers.segment(), id -> get(() -> completeWithFuture(account(id))))));
    }

    private CompletionStage<HttpResponse> list(HttpRequest request) {
        String cursor = PageParameters.single(request, "cursor");
        String after = cursor == null ? null : Cursor.decode("cursor", cursor);
        if (Accepts.mediaType(request, "application/x-ndjson")) {
            return export(after, paging.limit(request, Integer.MAX_VALUE, Integer.MAX_VALUE));
        }
        int limit = paging.limit(request);
        // One more than asked for tells whether there is a next page.
        return accounts.accounts(after, limit + 1).thenApply(found -> page(found, limit));
    }

    private static HttpResponse page(List<AccountView> found, int limit) {
        boolean more = found.size() > limit;
        List<AccountView> items = more ? found.subList(0, limit) : found;
        return Json.ok(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (AccountView account : items) {
                AccountJson.summary(json, account);
            }
            json.writeEndArray();
            Json.text(json, "next", more ? Cursor.encode(items.get(limit - 1).account()) : null);
            json.writeEndObject();
        });
    }

    /**
     * Streams accounts as they are fetched. The first page is awaited, so that what is wrong from the start is a proper
     * error; a failure later breaks the connection off, which a client sees as an incomplete answer.
     */
    private CompletionStage<HttpResponse> export(@Nullable String after, int limit) {
        return accounts.accounts(after, Math.min(limit, EXPORT_PAGE)).thenApply(first -> {
            Source<ByteString, NotUsed> lines = Source.single(first)
                    .concat(Source.unfoldAsync(lastOf(first, EXPORT_PAGE), this::following))
                    .mapConcat(page -> page)
                    .take(limit)
                    .map(account -> ByteString.fromArrayUnsafe(Json.bytes(json -> AccountJson.summary(json, account))));
            return HttpResponse.create().withEntity(HttpEntities.createChunked(NDJSON, lines));
        });
    }

    private CompletionStage<Optional<Pair<Optional<String>, List<AccountView>>>> following(Optional<String> after) {
        if (after.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return accounts.accounts(after.get(), EXPORT_PAGE)
                .thenApply(page -> Optional.of(Pair.create(lastOf(page, EXPORT_PAGE), page)));
    }

    /** Where to go on after a page; empty when it was the last. */
    private static Optional<String> lastOf(List<AccountView> page, int asked) {
        return page.size() < asked
                ? Optional.empty()
                : Optional.of(page.get(page.size() - 1).account());
    }

    private CompletionStage<HttpResponse> account(String id) {
        return accounts.account(id).thenApply(found -> {
            AccountView account = found.orElseThrow(() -> new ProblemException(Problem.ofField(
                    ProblemType.UNKNOWN_ACCOUNT,
                    "account",
                    id,
                    "No event of this account has been accepted, or it was erased and none has since.")));
            List<Alert> recent = alerts.page(id, null, RECENT_ALERTS).items();
            return Json.ok(json -> AccountJson.full(json, account, recent));
        });
    }
}
