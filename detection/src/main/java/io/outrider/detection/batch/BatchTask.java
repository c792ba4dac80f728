package io.outrider.detection.batch;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
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

/**
 * The place of work that one node of the cluster does at a time: it runs while this actor does. Should two ever run, what the
 * work writes must fence one of them.
 */
public final class BatchTask extends AbstractBehavior<BatchTask.Command> {

    /** What it understands. */
    sealed interface Command {}

    /** Save and end: the singleton goes to another node. */
    enum Stop implements Command {
        INSTANCE
    }

    /** Starts the work; closing ends it in order. */
    public interface Work {
        AutoCloseable start() throws Exception;
    }

    private final AutoCloseable running;

    private BatchTask(ActorContext<Command> context, Work work) throws Exception {
        super(context);
        this.running = work.start();
    }

    /**
     * Has the cluster run it on one of the nodes of a role; called on every node.
     *
     * @param name of the work, unique in the cluster
     */
    public static void singleton(ActorSystem<?> system, String role, String name, Work work) {
        Behavior<Command> entity = Behaviors.setup(context -> new BatchTask(context, work));
        var unused = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                Behaviors.supervise(entity)
                                        .onFailure(SupervisorStrategy.restartWithBackoff(
                                                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.1)),
                                name)
                        .withStopMessage(Stop.INSTANCE)
                        // Starting and ending block, which must not hold up those that score.
                        .withProps(DispatcherSelector.blocking())
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
