package io.outrider.http.problem;

import io.outrider.http.SecurityHeaders;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Requests that fail before any route sees them: malformed lines, headers, addresses. Named in the server's settings by
 * class, so it is public and has a public constructor.
 */
public final class ParsingProblems extends ParsingErrorHandler {

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        return SecurityHeaders.addTo(of(status.intValue(), info.summary()).response("about:blank"));
    }

    /** The problem for a status that the HTTP layer chose. The summary is its own wording, without request content. */
    static Problem of(int status, String summary) {
        ProblemType type = switch (status) {
            case 408 -> ProblemType.REQUEST_TIMEOUT;
            case 413 -> ProblemType.TOO_LARGE;
            case 414 -> ProblemType.URI_TOO_LONG;
            case 431 -> ProblemType.HEADERS_TOO_LARGE;
            case 501 -> ProblemType.NOT_IMPLEMENTED;
            default -> ProblemType.BAD_REQUEST;
        };
        return Problem.of(type, summary);
    }
}
