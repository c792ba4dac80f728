package io.outrider.detection.risk;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/** The place of the one aggregator in the cluster: it runs while this actor does. Conditional writes fence a second one. */
final class AggregatorEntity extends AbstractBehavior<AggregatorEntity.Command> {

    /** What it understands. */
    sealed interface Command {}

    /** Save and end: the singleton goes to another node. */
    enum Stop implements Command {
        INSTANCE
    }

    /** Starts the aggregator. */
    interface Work {
        AutoCloseable start() throws Exception;
    }

    private final AutoCloseable running;

    private AggregatorEntity(ActorContext<Command> context, Work work) throws Exception {
        super(context);
        this.running = work.start();
    }

    /** Has the cluster run it on one of the nodes of a role; called on every node. */
    static void singleton(ActorSystem<?> system, String role, Work work) {
        Behavior<Command> entity = Behaviors.setup(context -> new AggregatorEntity(context, work));
        var unused = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                Behaviors.supervise(entity)
                                        .onFailure(SupervisorStrategy.restartWithBackoff(
                                                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.1)),
                                "merchant-risk")
                        .withStopMessage(Stop.INSTANCE)
                        .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onSignal(PostStop.class, signal -> end())
                .onSignal(PreRestart.class, signal -> end())
                .build();
    }

    private Behavior<Command> end() throws Exception {
        running.close();
        return this;
    }
}
