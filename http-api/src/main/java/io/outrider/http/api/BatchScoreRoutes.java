package io.outrider.http.api;

import io.outrider.core.batch.BatchScoring;
import io.outrider.core.batch.CsvRecords;
import io.outrider.core.event.EventSchema;
import io.outrider.core.port.WhatIf;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code POST batch-score}: CSV in, CSV out, row by row as it arrives, so a table of any size takes the memory of some rows. What is
 * wrong with the header is a problem; later failures (a node that stops) break the answer off before its last chunk, which
 * clients report as an incomplete transfer.
 */
final class BatchScoreRoutes extends AllDirectives {

    private static final ContentType CSV = ContentTypes.create(MediaTypes.TEXT_CSV, HttpCharsets.UTF_8);

    /** Questions under way for one table. */
    private static final int PARALLELISM = 64;

    private final WhatIf whatIf;
    private final EventSchema schema;

    BatchScoreRoutes(WhatIf whatIf, EventSchema schema) {
        this.whatIf = whatIf;
        this.schema = schema;
    }

    Route route() {
        return path(
                "batch-score",
                () -> post(() -> withoutSizeLimit(() -> extractMaterializer(
                        materializer -> extractRequest(request -> completeWithFuture(score(request, materializer)))))));
    }

    private CompletionStage<HttpResponse> score(HttpRequest request, Materializer materializer) {
        ContentType type = request.entity().getContentType();
        if (!type.mediaType().subType().equals("csv") || !isUtf8(type)) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type",
                    type.toString(),
                    "Send text/csv in UTF-8, with a header."));
        }
        Map<String, String> mapping = mapping(request);
        return rows(request.entity().getDataBytes())
                .prefixAndTail(1)
                .runWith(Sink.head(), materializer)
                .thenApply(table -> answer(table, mapping));
    }

    /** Also what does not say so; ASCII is a part of it. */
    private static boolean isUtf8(ContentType type) {
        return type.getCharsetOption()
                .map(charset -> charset.equals(HttpCharsets.UTF_8) || charset.equals(HttpCharsets.US_ASCII))
                .orElse(true);
    }

    private static Source<CsvRecords.Row, Object> rows(Source<ByteString, Object> bytes) {
        CsvRecords records = new CsvRecords();
        return bytes.mapConcat(piece -> records.feed(piece.toArray()))
                .concat(Source.lazySource(() -> Source.from(records.end())));
    }

    private HttpResponse answer(
            Pair<List<CsvRecords.Row>, Source<CsvRecords.Row, NotUsed>> table, Map<String, String> mapping) {
        if (table.first().isEmpty()) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The table has no header."));
        }
        BatchScoring scoring;
        try {
            scoring = BatchScoring.of(whatIf, schema, table.first().get(0).fields(), mapping);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_BODY, "The header does not fit: " + e.getMessage() + "."));
        }
        Source<ByteString, NotUsed> lines = Source.single(scoring.headerLine())
                .concat(table.second().mapAsync(PARALLELISM, scoring::score))
                .map(ByteString::fromString);
        return HttpResponse.create().withEntity(HttpEntities.createChunked(CSV, lines));
    }

    /** {@code map=amount:Betrag,user_id:Konto}: field of an event to column of the table. */
    private static Map<String, String> mapping(HttpRequest request) {
        String text = PageParameters.single(request, "map");
        Map<String, String> mapping = new HashMap<>();
        if (text != null) {
            for (String pair : text.split(",", -1)) {
                int colon = pair.indexOf(':');
                if (colon < 1 || mapping.put(pair.substring(0, colon), pair.substring(colon + 1)) != null) {
                    throw AlertParameters.invalid(
                            "map", text, "map must be FIELD:COLUMN[,FIELD:COLUMN…], each field once.");
                }
            }
        }
        return mapping;
    }
}
