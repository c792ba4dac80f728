package io.outrider.http.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.http.access.OidcSettings;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The console's files: {@code /} is its page, {@code /console/NAME} what the page loads, {@code /console/config} how people sign
 * in to it. Where they do, the page may ask the authority for tokens, and nobody else.
 */
public final class ConsoleRoutes extends AllDirectives {

    /** Also what keeps paths inside the folder: no slash, no leading dot. */
    private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9-]*\\.(js|css|svg)");

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> LIBRARIES =
            Map.of("uplot.js", UPLOT + "uPlot.iife.min.js", "uplot.css", UPLOT + "uPlot.min.css");

    private final PageFiles files = new PageFiles(LIBRARIES);
    private final Optional<OidcSettings.SignIn> signIn;
    private final HttpResponse config;

    public ConsoleRoutes(Optional<OidcSettings> oidc) {
        this.signIn = oidc.flatMap(OidcSettings::signIn);
        this.config = config(oidc);
    }

    public Route route() {
        return concat(
                pathSingleSlash(() -> get(this::page)),
                path("favicon.ico", () -> get(() -> file("icon.svg"))),
                pathPrefix(
                        "console",
                        () -> concat(
                                path("config", () -> get(() -> complete(config))),
                                path(
                                        PathMatchers.segment(),
                                        name -> get(
                                                () -> FILE_NAME.matcher(name).matches() ? file(name) : reject())))));
    }

    private Route page() {
        return extractRequest(request -> files.answer("index.html", request)
                .map(answer -> complete(
                        signIn.map(ConsoleRoutes::policy).map(answer::addHeader).orElse(answer)))
                .orElseGet(this::reject));
    }

    /** As everywhere else, but that the page may also talk to the authority. */
    private static HttpHeader policy(OidcSettings.SignIn signIn) {
        return RawHeader.create(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' "
                        + signIn.origin() + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    private static HttpResponse config(Optional<OidcSettings> oidc) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("mode", oidc.isPresent() ? "oidc" : "none");
        oidc.flatMap(OidcSettings::signIn)
                .ifPresent(signIn -> config.put("authority", signIn.authority().toString())
                        .put("clientId", signIn.clientId())
                        .put("scope", signIn.scope()));
        return HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, config.toString()));
    }

    private Route file(String name) {
        return extractRequest(
                request -> files.answer(name, request).map(this::complete).orElseGet(this::reject));
    }
}
