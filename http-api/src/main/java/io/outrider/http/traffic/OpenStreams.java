package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/**
 * Counts the event streams that are being read, and refuses more than so many: a stream keeps its connection for as long as its
 * client likes, and there must be some left for other requests. One is counted from its first byte on, so as many as are asked for at
 * the same moment may come above that. Thread-safe.
 */
public final class OpenStreams {

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public OpenStreams(int most) {
        this.most = most;
    }

    public static boolean isStream(HttpResponse response) {
        return response.entity().getContentType().mediaType().equals(MediaTypes.TEXT_EVENT_STREAM);
    }

    /** The answer; if it is a stream, one that is counted. Throws {@link ProblemException} if there are too many. */
    public HttpResponse counted(HttpResponse response) {
        if (!isStream(response)) {
            return response;
        }
        if (open.get() >= most) {
            throw new ProblemException(Problem.of(
                    ProblemType.UNAVAILABLE,
                    "This node serves " + most + " event streams, which is as many as it may."));
        }
        HttpEntity entity = response.entity();
        return response.withEntity(HttpEntities.createChunked(
                entity.getContentType(), entity.getDataBytes().watchTermination((same, ended) -> {
                    open.incrementAndGet();
                    ended.whenComplete((done, failure) -> open.decrementAndGet());
                    return same;
                })));
    }
}
