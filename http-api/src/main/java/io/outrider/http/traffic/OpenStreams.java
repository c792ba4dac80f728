package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;

/**
 * Counts the event streams that are being read, and refuses more than so many: a stream keeps its connection for as long as its
 * client likes, and there must be some left for other requests. One is counted from its first byte on, so as many as are asked for at
 * the same moment may come above that. Ends them when the server closes, which cuts off what is still being answered. Thread-safe.
 */
public final class OpenStreams {

    /** Closes the connection behind the stream's last byte: the server, closing, would cut off what lies there unread. */
    private static final HttpHeader CLOSING = Connection.create("close");

    private final int most;
    private final Set<CompletionStage<Done>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean served;
    private final SharedKillSwitch ending = KillSwitches.shared("event-streams");

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
        if (open.size() >= most) {
            throw new ProblemException(Problem.of(
                    ProblemType.UNAVAILABLE,
                    "This node serves " + most + " event streams, which is as many as it may."));
        }
        served = true;
        HttpEntity entity = response.entity();
        return response.addHeader(CLOSING)
                .withEntity(HttpEntities.createChunked(
                        entity.getContentType(),
                        entity.getDataBytes().via(ending.flow()).watchTermination((same, ended) -> {
                            open.add(ended);
                            ended.whenComplete((done, failure) -> open.remove(ended));
                            return same;
                        })));
    }

    /** Whether there was any, also one that is yet to begin. */
    public boolean haveServed() {
        return served;
    }

    /** Ends all of them, and at once those that are yet to begin. Completes when they have, however slowly their clients read. */
    public CompletionStage<Done> end() {
        ending.shutdown();
        CompletableFuture<?>[] ended =
                open.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ended).handle((done, failure) -> Done.getInstance());
    }
}
