package io.outrider.http;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import io.outrider.http.traffic.CrossOrigin;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins out. A page that points its own name at 127.0.0.1 (DNS rebinding) still sends that name
 * as {@code Host}; a form or script of another site that posts here sends its own {@code Origin}, or {@code Sec-Fetch-Site:
 * cross-site}. Command-line clients send neither and pass. Served are loopback names and those of the settings.
 */
final class RequestGuard {

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private static final String ANY = "*";

    private final Set<String> hosts;
    private final CrossOrigin origins;

    /** @param hosts names that are served beside loopback's; {@code *} for any */
    RequestGuard(Set<String> hosts, CrossOrigin origins) {
        this.hosts = hosts;
        this.origins = origins;
    }

    /** Throws {@link ProblemException} if the request must not be served. */
    void check(HttpRequest request) {
        String host = request.getUri().getHost().address();
        if (!isServed(host)) {
            throw refused(
                    ProblemType.MISDIRECTED,
                    "Host",
                    host,
                    "Served are loopback names, such as localhost, and those of outrider.http.allowed-hosts.");
        }
        HttpMethod method = request.method();
        if (origins.admits(request)
                || method.equals(HttpMethods.GET)
                || method.equals(HttpMethods.HEAD)
                || method.equals(HttpMethods.OPTIONS)) {
            return;
        }
        String origin = header(request, "Origin");
        if (origin != null && !isOwn(origin, request)) {
            throw refused(
                    ProblemType.FOREIGN_ORIGIN, "Origin", origin, "The request comes from a page of another origin.");
        }
        String site = header(request, "Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw refused(
                    ProblemType.FOREIGN_ORIGIN,
                    "Sec-Fetch-Site",
                    site,
                    "The request comes from a page of another site.");
        }
    }

    private boolean isOwn(String origin, HttpRequest request) {
        try {
            URI uri = URI.create(origin);
            String host = uri.getHost();
            return host != null && isServed(host) && port(uri) == port(request);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Behind a proxy that ends TLS the page is https and the request is not: no port, 80 and 443 are one. */
    private static int port(URI origin) {
        return unlessDefault(origin.getPort());
    }

    private static int port(HttpRequest request) {
        return unlessDefault(request.getUri().port());
    }

    private static int unlessDefault(int port) {
        return port == 80 || port == 443 || port < 0 ? 0 : port;
    }

    private boolean isServed(String host) {
        return isLoopback(host) || hosts.contains(ANY) || hosts.contains(host.toLowerCase(Locale.ROOT));
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("::1")
                || name.equals("[::1]")
                || name.equals("0:0:0:0:0:0:0:1")
                || LOOPBACK_V4.matcher(name).matches();
    }

    private static @Nullable String header(HttpRequest request, String name) {
        Optional<HttpHeader> header = request.getHeader(name);
        return header.map(HttpHeader::value).orElse(null);
    }

    private static ProblemException refused(ProblemType type, String header, String value, String detail) {
        return new ProblemException(Problem.ofField(type, header, value, detail));
    }
}
