package io.outrider.detection.entity;

import java.time.Duration;
import java.util.Collection;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** Sends messages to an actor and fails if it leaves one unhandled. */
final class Handled {

    private Handled() {}

    static <T> void assertAllAreHandled(ActorTestKit kit, ActorRef<T> actor, Collection<? extends T> messages) {
        TestProbe<UnhandledMessage> unhandled = kit.createUnhandledMessageProbe();
        messages.forEach(actor::tell);
        unhandled.expectNoMessage(Duration.ofMillis(300));
    }
}
