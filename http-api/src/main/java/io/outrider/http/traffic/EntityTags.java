package io.outrider.http.traffic;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Tags what a GET answers by its content, and answers 304 to whoever has it. Saves sending, not making. Tags are weak: the
 * same content may be compressed or not.
 */
public final class EntityTags {

    /** Never twice the same, so not worth a tag. */
    private static final Set<String> CHANGING =
            Set.of("/metrics", "/health/live", "/health/ready", "/api/v1/monitoring/live");

    private EntityTags() {}

    public static HttpResponse addTo(HttpRequest request, HttpResponse response) {
        boolean taggable = request.method().equals(HttpMethods.GET)
                && response.status().equals(StatusCodes.OK)
                && response.entity() instanceof HttpEntity.Strict
                && response.getHeader("ETag").isEmpty()
                && !CHANGING.contains(request.getUri().path());
        if (!taggable) {
            return response;
        }
        String tag = "W/\""
                + digest(((HttpEntity.Strict) response.entity()).getData().toArray()) + '"';
        HttpResponse answer = knows(request, tag) ? notModified(response) : response;
        return answer.addHeader(RawHeader.create("ETag", tag))
                .addHeader(RawHeader.create("Cache-Control", "private, no-cache"));
    }

    /** With the headers that the whole would have had (RFC 9110, 15.4.5). */
    private static HttpResponse notModified(HttpResponse response) {
        HttpResponse answer =
                HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED).addHeaders(response.getHeaders());
        return Gzip.isWorthwhile(response) ? answer.addHeader(Gzip.VARY) : answer;
    }

    private static boolean knows(HttpRequest request, String tag) {
        return request.getHeader("If-None-Match")
                .map(header -> Arrays.stream(header.value().split(","))
                        .map(String::strip)
                        .anyMatch(known -> known.equals("*") || known.equals(tag) || ("W/" + known).equals(tag)))
                .orElse(false);
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
