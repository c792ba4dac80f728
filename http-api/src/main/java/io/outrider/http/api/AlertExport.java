package io.outrider.http.api;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.batch.CsvText;
import io.outrider.core.event.Label;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.AlertSearch.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * All alerts that match, newest first, as NDJSON (a document a line) or CSV, read page by page as fast as the client takes them.
 * The first page is awaited, so that what is wrong from the start is a proper error; a failure later breaks the connection off,
 * which a client sees as an incomplete answer.
 */
final class AlertExport {

    private static final int PAGE = 1_000;
    private static final ContentType NDJSON =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8, "ndjson"));
    private static final ContentType CSV = ContentTypes.create(MediaTypes.TEXT_CSV, HttpCharsets.UTF_8);
    private static final String HEADER =
            "id,event_time,account,transaction_id,amount,merchant,device,network,currency,score,"
                    + "threshold,severity,model_version,episode_id,reasons,label,label_by,label_version,label_known_since\r\n";

    private final AlertSearch alerts;
    private final AlertFilter filter;
    private final long limit;

    AlertExport(AlertSearch alerts, AlertFilter filter, long limit) {
        this.alerts = alerts;
        this.filter = filter;
        this.limit = limit;
    }

    CompletionStage<HttpResponse> ndjson() {
        return response(NDJSON, "", found -> Json.bytes(json -> AlertJson.write(json, found)));
    }

    CompletionStage<HttpResponse> csv() {
        return response(
                CSV, HEADER, found -> CsvText.line(row(found)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private CompletionStage<HttpResponse> response(
            ContentType type, String header, java.util.function.Function<Found, byte[]> line) {
        return page(null).thenApply(first -> {
            Source<ByteString, NotUsed> lines = Source.single(first)
                    .concat(Source.unfoldAsync(Optional.ofNullable(first.next()), this::following))
                    .mapConcat(AlertSearch.Page::items)
                    .take(limit)
                    .map(found -> ByteString.fromArrayUnsafe(line.apply(found)));
            Source<ByteString, NotUsed> all = header.isEmpty()
                    ? lines
                    : Source.single(ByteString.fromString(header)).concat(lines);
            return HttpResponse.create().withEntity(HttpEntities.createChunked(type, all));
        });
    }

    private CompletionStage<AlertSearch.Page> page(@Nullable String cursor) {
        return alerts.search(filter, AlertSearch.Order.NEWEST, cursor, (int) Math.min(limit, PAGE));
    }

    private CompletionStage<Optional<Pair<Optional<String>, AlertSearch.Page>>> following(Optional<String> cursor) {
        if (cursor.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return page(cursor.get()).thenApply(page -> Optional.of(Pair.create(Optional.ofNullable(page.next()), page)));
    }

    private static List<@Nullable Object> row(Found found) {
        Alert alert = found.alert();
        var transaction = alert.transaction();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(alert.id());
        row.add(Instant.ofEpochMilli(transaction.eventTimeMs()));
        row.add(transaction.account());
        row.add(transaction.transactionId());
        row.add(transaction.amount());
        row.add(transaction.merchant());
        row.add(transaction.device());
        row.add(transaction.network());
        row.add(transaction.currency());
        row.add(alert.score());
        row.add(alert.threshold());
        row.add(alert.severity().name().toLowerCase(Locale.ROOT));
        row.add(alert.modelVersion());
        row.add(alert.episodeId());
        row.add(String.join(" | ", alert.reasons()));
        Label label = found.label();
        row.add(label == null ? null : LabelJson.verdict(label));
        row.add(label == null ? null : label.by());
        row.add(label == null ? null : label.version());
        row.add(label == null ? null : Instant.ofEpochMilli(label.knownSinceMs()));
        return row;
    }
}
