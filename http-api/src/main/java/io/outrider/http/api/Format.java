package io.outrider.http.api;

import org.apache.pekko.http.javadsl.model.HttpRequest;

/** The form that a list is asked for in: by {@code format}, else by the Accept header, else JSON. */
enum Format {
    JSON,
    NDJSON,
    CSV;

    static Format of(HttpRequest request) {
        Format asked = AlertParameters.choice(request, "format", Format.class);
        if (asked != null) {
            return asked;
        }
        if (Accepts.mediaType(request, "application/x-ndjson")) {
            return NDJSON;
        }
        return Accepts.mediaType(request, "text/csv") ? CSV : JSON;
    }
}
