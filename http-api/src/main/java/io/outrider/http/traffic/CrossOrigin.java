package io.outrider.http.traffic;

import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Lets pages of listed origins use the API (CORS, Fetch standard). No origin is listed by default, and then no answer says
 * anything about origins, which browsers take as a refusal. Credentials are never allowed: a token is sent by the page.
 */
public final class CrossOrigin {

    private static final String REQUEST_HEADERS =
            "Accept, Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID";
    private static final String RESPONSE_HEADERS = "ETag, Idempotent-Replayed, Location, Retry-After, WWW-Authenticate";

    private final Set<String> origins;

    public CrossOrigin(Set<String> origins) {
        this.origins = origins;
    }

    /** Whether the request comes from a page of a listed origin. */
    public boolean admits(HttpRequest request) {
        return origin(request).isPresent();
    }

    /** The answer to a browser that asks beforehand; empty for every other request. */
    public Optional<HttpResponse> preflight(HttpRequest request) {
        boolean asks = request.method().equals(HttpMethods.OPTIONS)
                && request.getHeader("Access-Control-Request-Method").isPresent()
                && admits(request);
        return asks
                ? Optional.of(HttpResponse.create()
                        .withStatus(204)
                        .addHeader(RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE"))
                        .addHeader(RawHeader.create("Access-Control-Allow-Headers", REQUEST_HEADERS))
                        .addHeader(RawHeader.create("Access-Control-Max-Age", "600")))
                : Optional.empty();
    }

    /** The answer as the page may read it. */
    public HttpResponse addTo(HttpRequest request, HttpResponse response) {
        if (origins.isEmpty()) {
            return response;
        }
        HttpResponse varying = response.addHeader(RawHeader.create("Vary", "Origin"));
        return origin(request)
                .map(origin -> varying.addHeader(RawHeader.create("Access-Control-Allow-Origin", origin))
                        .addHeader(RawHeader.create("Access-Control-Expose-Headers", RESPONSE_HEADERS)))
                .orElse(varying);
    }

    private Optional<String> origin(HttpRequest request) {
        return request.getHeader("Origin").map(HttpHeader::value).filter(origins::contains);
    }
}
