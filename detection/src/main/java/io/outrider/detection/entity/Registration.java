package io.outrider.detection.entity;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Whether all nodes find an actor under a key. For its actor's thread. */
final class Registration<T> {

    private final ActorSystem<?> system;
    private final ServiceKey<T> key;
    private final ActorRef<T> actor;
    private boolean held;

    /** One that nobody finds yet. */
    Registration(ActorSystem<?> system, ServiceKey<T> key, ActorRef<T> actor) {
        this.system = system;
        this.key = key;
        this.actor = actor;
    }

    void begin() {
        if (!held) {
            held = true;
            system.receptionist().tell(Receptionist.register(key, actor));
        }
    }

    void end() {
        if (held) {
            held = false;
            system.receptionist().tell(Receptionist.deregister(key, actor));
        }
    }
}
