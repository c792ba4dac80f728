package io.outrider.http.console;

import java.util.Map;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /docs/}: the API's description to read and to try, by Swagger UI. */
public final class DocsRoutes extends AllDirectives {

    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
    private static final Map<String, String> LIBRARIES = Map.of(
            "swagger-ui-bundle.js",
            SWAGGER_UI + "swagger-ui-bundle.js",
            "swagger-ui.css",
            SWAGGER_UI + "swagger-ui.css");
    private static final Set<String> NAMES = Set.of("swagger-ui-bundle.js", "swagger-ui.css", "docs.js");

    /** As elsewhere, but for the pictures that Swagger UI's style sheet carries in itself. */
    private static final RawHeader POLICY = RawHeader.create(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    private final PageFiles files = new PageFiles(LIBRARIES);

    public Route route() {
        return pathPrefix(
                "docs",
                () -> concat(
                        pathEnd(() -> get(() -> redirect(Uri.create("/docs/"), StatusCodes.MOVED_PERMANENTLY))),
                        pathSingleSlash(() -> get(() -> file("docs.html"))),
                        path(PathMatchers.segment(), name -> get(() -> NAMES.contains(name) ? file(name) : reject()))));
    }

    private Route file(String name) {
        return extractRequest(request -> files.answer(name, request)
                .map(answer -> complete(answer.addHeader(POLICY)))
                .orElseGet(this::reject));
    }
}
