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
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Files of pages. Each is read once from the class path and tagged by its content, so that a browser asks again but rarely
 * downloads again.
 */
final class PageFiles {

    private final Map<String, String> libraries;
    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    private record Asset(byte[] content, ContentType type, String etag) {}

    /** @param libraries where on the class path the files lie that are not ours, by name */
    PageFiles(Map<String, String> libraries) {
        this.libraries = libraries;
    }

    /** The file, or that the browser has it; empty if there is none of that name. */
    Optional<HttpResponse> answer(String name, HttpRequest request) {
        return asset(name).map(asset -> answer(asset, request));
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
        try (InputStream in = PageFiles.class.getResourceAsStream(libraries.getOrDefault(name, name))) {
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
