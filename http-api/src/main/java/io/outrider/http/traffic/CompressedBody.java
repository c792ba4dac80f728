package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.Locale;
import java.util.zip.ZipException;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * Bodies that are sent compressed: gzip is taken, piece by piece, and limits of size count what comes out of it. Any other coding is
 * refused with those that are taken (415, RFC 9110, 15.5.16).
 */
public final class CompressedBody {

    private static final String HEADER = "Content-Encoding";
    private static final int PIECE_BYTES = 64 * 1_024;

    private CompressedBody() {}

    /** The request with its body as it was before it was compressed. */
    public static HttpRequest expanded(HttpRequest request) {
        String coding = request.getHeader(HEADER)
                .map(HttpHeader::value)
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .orElse("identity");
        return switch (coding) {
            case "identity" -> request;
            case "gzip", "x-gzip" -> {
                HttpRequest plain = request.removeHeader(HEADER);
                yield plain.transformEntityDataBytes(gunzip());
            }
            default ->
                throw new ProblemException(Problem.ofField(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                HEADER,
                                coding,
                                "Send the body as it is, or compressed with gzip.")
                        .withHeader("Accept-Encoding", "gzip, identity"));
        };
    }

    private static Flow<ByteString, ByteString, ?> gunzip() {
        return Compression.gunzip(PIECE_BYTES)
                .mapError(new PFBuilder<Throwable, Throwable>()
                        .match(
                                ZipException.class,
                                broken -> new ProblemException(Problem.ofField(
                                        ProblemType.INVALID_BODY,
                                        HEADER,
                                        "gzip",
                                        "The body is not gzip, or only a part of it.")))
                        .build());
    }
}
