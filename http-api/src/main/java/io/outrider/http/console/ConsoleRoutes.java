package io.outrider.http.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The console's files: {@code /} is its page, {@code /console/NAME} what the page loads. Each is read once from the class
 * path and tagged by its content, so that a browser asks again but rarely downloads again.
 */
public final class ConsoleRoutes extends AllDirectives {

    /** Also what keeps paths inside the folder: no slash, no leading dot. */
    private static final Pattern FILE_NAME = Pattern.compile("[a-z][a-z0-9-]*\\.(js|css|svg)");

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> LIBRARIES =
            Map.of("uplot.js", UPLOT + "uPlot.iife.min.js", "uplot.css", UPLOT + "uPlot.min.css");

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    private record Asset(byte[] content, ContentType type, String etag) {}

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
        return extractRequest(request ->
                asset(name).map(asset -> complete(answer(asset, request))).orElseGet(this::reject));
    }

    private static HttpResponse answer(Asset asset, HttpRequest request) {
        boolean known = request.getHeader("If-None-Match")
                .map(header -> header.value().contains(asset.etag))
                .orElse(false);
        HttpResponse response = known
                ? HttpResponse.create().withStatus(304)
                : HttpResponse.create().withEntity(HttpEntities.create(asset.type, asset.content));
        return response.addHeader(RawHeader.create("ETag", asset.etag))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }

    private Optional<Asset> asset(String name) {
        Asset known = assets.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = ConsoleRoutes.class.getResourceAsStream(LIBRARIES.getOrDefault(name, name))) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            Asset read = new Asset(content, typeOf(name), '"' + hash(content) + '"');
            assets.put(name, read);
            return Optional.of(read);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the console's " + name, e);
        }
    }

    private static ContentType typeOf(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> ContentTypes.TEXT_HTML_UTF8;
            case "css" -> ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8);
            case "svg" -> ContentTypes.parse("image/svg+xml");
            default -> ContentTypes.parse("text/javascript; charset=UTF-8");
        };
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
