package io.outrider.http.console;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The console's files: {@code /} is its page, {@code /console/NAME} what the page loads.
 */
public final class ConsoleRoutes extends AllDirectives {

    /** Also what keeps paths inside the folder: no slash, no leading dot. */
    private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9-]*\\.(js|css|svg)");

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> LIBRARIES =
            Map.of("uplot.js", UPLOT + "uPlot.iife.min.js", "uplot.css", UPLOT + "uPlot.min.css");

    private final PageFiles files = new PageFiles(LIBRARIES);

    public Route route() {
        return concat(
                pathSingleSlash(() -> get(() -> file("index.html"))),
                path("favicon.ico", () -> get(() -> file("icon.svg"))),
                pathPrefix(
                        "console",
                        () -> path(
                                PathMatchers.segment(),
                                name -> get(() -> FILE_NAME.matcher(name).matches() ? file(name) : reject()))));
    }

    private Route file(String name) {
        return extractRequest(
                request -> files.answer(name, request).map(this::complete).orElseGet(this::reject));
    }
}
