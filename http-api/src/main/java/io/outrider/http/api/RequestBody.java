package io.outrider.http.api;

import io.outrider.http.HttpSettings;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** Reads a request's body whole, bounded in size and time, as the events it holds, each with its own bytes. */
final class RequestBody extends AllDirectives {

    /** Of the reading, since the size limit around it says what is too much: Pekko's own limit would be another kind of error. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final long maxBytes;
    private final Duration timeout;
    private final int maxEvents;

    RequestBody(HttpSettings settings, int maxEvents) {
        this.maxBytes = settings.maxRequestBytes();
        this.timeout = settings.traffic().bodyTimeout();
        this.maxEvents = maxEvents;
    }

    /**
     * What a body held.
     *
     * @param single whether it was one JSON value, not an array or lines
     */
    record Content(List<byte[]> events, boolean single) {}

    Route content(Function<Content, Route> inner) {
        return extractRequest(request -> {
            boolean lines = isNdjson(request);
            return withSizeLimit(
                    maxBytes,
                    () -> extractStrictEntity(
                            timeout,
                            UNLIMITED,
                            entity -> inner.apply(read(entity.getData().toArray(), lines))));
        });
    }

    private Content read(byte[] content, boolean lines) {
        if (content.length == 0) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is empty."));
        }
        List<byte[]> events = lines ? EventSplitter.lines(content) : EventSplitter.json(content);
        if (events.size() > maxEvents) {
            throw new ProblemException(Problem.of(
                    ProblemType.TOO_LARGE,
                    events.size() + " items in one request; at most " + maxEvents + " are taken."));
        }
        return new Content(events, !lines && !EventSplitter.isArray(content));
    }

    private static boolean isNdjson(HttpRequest request) {
        MediaType type = request.entity().getContentType().mediaType();
        String name = (type.mainType() + "/" + type.subType()).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "application/json" -> false;
            case "application/x-ndjson", "application/ndjson", "application/jsonl" -> true;
            default ->
                throw new ProblemException(Problem.ofField(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Type",
                        name,
                        "Send application/json (one object or an array) or application/x-ndjson (one object a line)."));
        };
    }
}
