package io.outrider.http.api;

import java.util.Locale;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Which representation a request asks for. */
final class Accepts {

    private Accepts() {}

    /** Whether the Accept header names this media type outright; a wildcard gets the default representation. */
    static boolean mediaType(HttpRequest request, String type) {
        return request.getHeader("Accept")
                .map(accept -> accept.value().toLowerCase(Locale.ROOT).contains(type))
                .orElse(false);
    }
}
