package io.outrider.http;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Headers on every answer: only our own scripts and styles run, nobody frames the console, and nothing is guessed from
 * content.
 */
public final class SecurityHeaders {

    private static final String POLICY_NAME = "Content-Security-Policy";
    private static final HttpHeader POLICY = RawHeader.create(
            POLICY_NAME,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    private static final List<HttpHeader> ALL = List.of(
            // Browsers heed it over TLS only, which a proxy in front of us ends.
            RawHeader.create("Strict-Transport-Security", "max-age=31536000"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"),
            RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"));

    private SecurityHeaders() {}

    public static HttpResponse addTo(HttpResponse response) {
        HttpResponse secured = response.addHeaders(ALL);
        HttpResponse answer = response.getHeader(POLICY_NAME).isPresent() ? secured : secured.addHeader(POLICY);
        // What the API says is true now and may not be in a second; the console's files say for themselves.
        return answer.getHeader("Cache-Control").isPresent()
                ? answer
                : answer.addHeader(RawHeader.create("Cache-Control", "no-store"));
    }
}
