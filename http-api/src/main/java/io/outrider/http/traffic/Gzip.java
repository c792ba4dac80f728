package io.outrider.http.traffic;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.util.ByteString;

/**
 * Compresses answers for clients that take gzip: texts of at least {@value #LEAST_BYTES} bytes, and exports while they are
 * written. Event streams are left alone, for each event is to arrive at once.
 */
public final class Gzip {

    static final HttpHeader VARY = RawHeader.create("Vary", "Accept-Encoding");

    private static final int LEAST_BYTES = 1_024;

    /** An export is compressed in stretches of up to this, where the client is slower than we are. */
    private static final int STRETCH_BYTES = 64 * 1_024;

    private Gzip() {}

    public static HttpResponse addTo(HttpRequest request, HttpResponse response) {
        if (!isWorthwhile(response)) {
            return response;
        }
        HttpResponse varying = response.addHeader(VARY);
        return takesGzip(request) && !request.method().equals(HttpMethods.HEAD) ? compressed(varying) : varying;
    }

    /** Whether it would be compressed for a client that takes it. */
    static boolean isWorthwhile(HttpResponse response) {
        return response.getHeader("Content-Encoding").isEmpty()
                && isText(response.entity().getContentType())
                && (!(response.entity() instanceof HttpEntity.Strict strict)
                        || strict.getData().size() >= LEAST_BYTES);
    }

    private static HttpResponse compressed(HttpResponse response) {
        ContentType type = response.entity().getContentType();
        HttpResponse encoded = response.addHeader(RawHeader.create("Content-Encoding", "gzip"));
        if (response.entity() instanceof HttpEntity.Strict strict) {
            return encoded.withEntity(
                    HttpEntities.create(type, gzip(strict.getData().toArray())));
        }
        return encoded.withEntity(HttpEntities.createChunked(
                type,
                response.entity()
                        .getDataBytes()
                        .batchWeighted(STRETCH_BYTES, bytes -> (long) bytes.size(), bytes -> bytes, ByteString::concat)
                        .via(Compression.gzip())));
    }

    private static byte[] gzip(byte[] content) {
        var out = new ByteArrayOutputStream(content.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static boolean isText(ContentType type) {
        String name = type.mediaType().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith("text/event-stream")
                && (name.startsWith("text/")
                        || name.contains("json")
                        || name.contains("yaml")
                        || name.contains("svg")
                        || name.contains("openmetrics"));
    }

    /** Whether gzip is named and not with q=0; a client that says nothing gets what every client can read. */
    private static boolean takesGzip(HttpRequest request) {
        return request.getHeader("Accept-Encoding")
                .map(header -> Arrays.stream(
                                header.value().toLowerCase(Locale.ROOT).split(","))
                        .map(coding -> coding.replace(" ", ""))
                        .anyMatch(coding -> coding.equals("gzip")
                                || (coding.startsWith("gzip;") && !coding.matches("gzip;q=0(\\.0*)?"))))
                .orElse(false);
    }
}
