package io.outrider.http;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.event.BusLogging;
import org.apache.pekko.event.LoggingFilterWithMarker;
import org.apache.pekko.http.javadsl.Http;

/**
 * What the HTTP layer says of its connections, but for one warning: that an answer begins before its request has ended. That is how
 * {@code batch-score} works, and how its clients are told to read it.
 */
final class ServerLog extends BusLogging {

    private static final String EARLY = "Sending an 2xx 'early' response";

    ServerLog(ActorSystem system) {
        super(
                system.eventStream(),
                Http.class.getName(),
                Http.class,
                LoggingFilterWithMarker.wrap(((ExtendedActorSystem) system).logFilter()));
    }

    @Override
    public void warning(String message) {
        if (!message.startsWith(EARLY)) {
            super.warning(message);
        }
    }
}
