package io.outrider.http.api;

import io.outrider.core.alert.AlertFilter;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Alerts as server-sent events (WHATWG HTML, 9.2): {@code id} is the feed's cursor, {@code event} is {@code alert}, the data
 * one line of alert JSON. A silent stream carries a comment from time to time.
 *
 * <p>Delivery: each alert once, in feed order, from the cursor on. A client that reads too slowly gets a last event
 * {@code overrun} and is closed; it resumes by {@code Last-Event-ID} without loss, as far back as the index reaches. Where alerts are
 * missing, an event {@code gap} comes before the next one.
 */
final class AlertStream {

    private static final String GAP = "event: gap\ndata: {}\n\n";
    private static final ByteString HEARTBEAT = ByteString.fromString(": still here\n\n");

    private final Duration heartbeat;
    private final ByteString greeting;

    AlertStream(Duration heartbeat, Duration retry) {
        this.heartbeat = heartbeat;
        this.greeting = ByteString.fromString("retry: " + retry.toMillis() + "\n: connected\n\n");
    }

    /** Those that match; one that does not moves the client's cursor only, so that it never resumes from long ago. */
    HttpResponse response(Flow.Publisher<AlertFeed.Item> alerts, AlertFilter filter) {
        Source<ByteString, NotUsed> events = JavaFlowSupport.Source.fromPublisher(alerts)
                .map(item -> filter.matches(item.alert(), null) ? event(item) : passedBy(item))
                .recover(new PFBuilder<Throwable, ByteString>()
                        .match(UnavailableException.class, AlertStream::overrun)
                        .build())
                .prepend(Source.single(greeting))
                .keepAlive(heartbeat, () -> HEARTBEAT);
        return HttpResponse.create()
                .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
                .withEntity(HttpEntities.createChunked(ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), events));
    }

    private static ByteString passedBy(AlertFeed.Item item) {
        return ByteString.fromString((item.afterGap() ? GAP : "") + "id: " + item.cursor() + "\n\n");
    }

    private static ByteString event(AlertFeed.Item item) {
        String gap = item.afterGap() ? GAP : "";
        return ByteString.fromString(
                gap + "id: " + item.cursor() + "\nevent: alert\ndata: " + AlertJson.text(item.alert()) + "\n\n");
    }

    private static ByteString overrun(UnavailableException reason) {
        byte[] data = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("detail", String.valueOf(reason.getMessage()));
            json.writeEndObject();
        });
        return ByteString.fromString("event: overrun\ndata: ")
                .concat(ByteString.fromArrayUnsafe(data))
                .concat(ByteString.fromString("\n"));
    }
}
