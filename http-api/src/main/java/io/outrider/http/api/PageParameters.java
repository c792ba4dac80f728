package io.outrider.http.api;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Reads {@code limit}, {@code cursor} and filters from a query; what is wrong with them is a named problem. */
record PageParameters(int defaultSize, int maxSize) {

    int limit(HttpRequest request) {
        return limit(request, defaultSize, maxSize);
    }

    int limit(HttpRequest request, int absent, int max) {
        String text = single(request, "limit");
        if (text == null) {
            return absent;
        }
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            limit = -1;
        }
        if (limit < 1 || limit > max) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.INVALID_PARAMETER,
                    "limit",
                    text,
                    "limit must be a whole number from 1 to " + max + "."));
        }
        return limit;
    }

    /** The parameter's only value, or null if it is absent; a repeated one is a problem, for either could be meant. */
    static @Nullable String single(HttpRequest request, String name) {
        List<String> values = request.getUri().query().getAll(name);
        if (values.size() > 1) {
            throw new ProblemException(Problem.ofField(
                    ProblemType.INVALID_PARAMETER, name, String.join(", ", values), name + " may be given once only."));
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** What to answer when a page failed: a bad cursor is the caller's fault, everything else is passed on. */
    static RuntimeException cursorFailure(@Nullable String cursor, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cursor != null && cause instanceof IllegalArgumentException
                ? badCursor("cursor", cursor)
                : new CompletionException(cause);
    }

    static ProblemException badCursor(String field, String value) {
        return new ProblemException(Problem.ofField(
                ProblemType.INVALID_CURSOR,
                field,
                value,
                field + " must be taken from an earlier answer of this resource, unchanged."));
    }
}
