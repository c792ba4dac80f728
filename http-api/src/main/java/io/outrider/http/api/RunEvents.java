package io.outrider.http.api;

import io.outrider.core.port.Runs;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.run.Run;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A run as server-sent events: the whole run as it stands, at once and whenever it has changed, until it has ended. {@code
 * id} is the run's revision.
 *
 * <p>The supervisor is asked at intervals, by whichever node serves the stream, so that the stream goes on when the
 * supervisor moves.
 */
final class RunEvents {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final ByteString HEARTBEAT = ByteString.fromString(": still here\n\n");

    private final Runs runs;
    private final Duration heartbeat;
    private final ByteString greeting;

    RunEvents(Runs runs, Duration heartbeat, Duration retry) {
        this.runs = runs;
        this.heartbeat = heartbeat;
        this.greeting = ByteString.fromString("retry: " + retry.toMillis() + "\n\n");
    }

    HttpResponse response(Run first) {
        Source<ByteString, NotUsed> events = Source.single(first)
                .concat(Source.tick(INTERVAL, INTERVAL, first)
                        .mapAsync(1, run -> news(run.kind(), run.id()))
                        .mapConcat(found -> found.stream().toList()))
                .dropRepeated()
                .takeWhile(run -> !run.state().isFinal(), true)
                .map(RunEvents::event)
                .prepend(Source.single(greeting))
                .keepAlive(heartbeat, () -> HEARTBEAT);
        return HttpResponse.create()
                .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
                .withEntity(HttpEntities.createChunked(ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), events));
    }

    /** Empty also while nobody can tell. */
    private CompletionStage<Optional<Run>> news(String kind, String id) {
        return runs.find(kind, id).exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause instanceof UnavailableException
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private static ByteString event(Run run) {
        return ByteString.fromString("id: " + run.revision() + "\nevent: run\ndata: ")
                .concat(ByteString.fromArrayUnsafe(Json.bytes(json -> RunJson.write(json, run))))
                .concat(ByteString.fromString("\n"));
    }
}
