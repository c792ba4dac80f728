package io.outrider.training.distributed;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out one run's partitions to the workers that the cluster has, and takes them back from those that are gone, cannot be
 * reached or are silent. Lives as long as the run; its workers leave its work when it dies.
 */
final class ReplayCoordinatorEntity extends AbstractBehavior<ReplayCoordinatorEntity.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayCoordinatorEntity.class);

    /** What it understands. */
    sealed interface Command {}

    /** What has become of an order. */
    record Answer(String folder, ReplayOutcome outcome, ActorRef<ReplayWorkerEntity.Command> from) implements Command {}

    /** A worker that has an order is there. */
    record Alive(ActorRef<ReplayWorkerEntity.Command> from) implements Command {}

    /** The run has ended, whatever is left. */
    enum Stop implements Command {
        INSTANCE
    }

    private record Listed(Receptionist.Listing listing) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** How far it is; the last one has nothing left, or says why it ends. */
    record Notice(int left, int nodes, ReplayAssignments.@Nullable Failure failure) {}

    private final ReplayAssignments<ActorRef<ReplayWorkerEntity.Command>> assignments;
    private final Duration lostAfter;
    private final Consumer<Notice> notices;
    private final Map<ActorRef<ReplayWorkerEntity.Command>, Long> heardNanos = new HashMap<>();
    private final String here;
    private long anyoneNanos = System.nanoTime();
    private boolean ended;

    /**
     * A coordinator.
     *
     * @param lostAfter how long a worker may be silent, and how long none may be there
     * @param notices is told in the actor's thread
     */
    static Behavior<Command> create(
            List<ReplayOrder> orders, Duration tick, Duration lostAfter, Consumer<Notice> notices) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.INSTANCE, tick);
            return new ReplayCoordinatorEntity(context, orders, lostAfter, notices);
        }));
    }

    private ReplayCoordinatorEntity(
            ActorContext<Command> context, List<ReplayOrder> orders, Duration lostAfter, Consumer<Notice> notices) {
        super(context);
        this.here = Cluster.get(context.getSystem()).selfMember().address().toString();
        this.assignments = new ReplayAssignments<>(orders, this::node);
        this.lostAfter = lostAfter;
        this.notices = notices;
        context.getSystem()
                .receptionist()
                .tell(Receptionist.subscribe(
                        ReplayWorkerEntity.KEY, context.messageAdapter(Receptionist.Listing.class, Listed::new)));
    }

    private String node(ActorRef<ReplayWorkerEntity.Command> worker) {
        return worker.path().address().hasGlobalScope()
                ? worker.path().address().toString()
                : here;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Listed.class, this::listed)
                .onMessage(Answer.class, this::answer)
                .onMessage(Alive.class, this::alive)
                .onMessage(Tick.class, tick -> tick())
                .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
                .onSignal(PostStop.class, signal -> died())
                .build();
    }

    private Behavior<Command> listed(Listed listed) {
        assignments.workers(new HashSet<>(listed.listing().getServiceInstances(ReplayWorkerEntity.KEY)));
        return goOn();
    }

    private Behavior<Command> answer(Answer answer) {
        if (answer.outcome() instanceof ReplayOutcome.Refused refused) {
            LOG.warn("{} takes nothing of this run: {}", node(answer.from()), refused.why());
        }
        heardNanos.put(answer.from(), System.nanoTime());
        assignments.ended(answer.from(), answer.folder(), answer.outcome());
        return goOn();
    }

    private Behavior<Command> alive(Alive alive) {
        long now = System.nanoTime();
        heardNanos.put(alive.from(), now);
        if (assignments.isSilent(alive.from())) {
            anyoneNanos = now; // it is still at what was taken from it, and may take something else behind it
        }
        return this;
    }

    private Behavior<Command> tick() {
        long now = System.nanoTime();
        Set<ActorRef<ReplayWorkerEntity.Command>> holders = assignments.holders();
        for (ActorRef<ReplayWorkerEntity.Command> worker : holders) {
            if (now - Objects.requireNonNull(heardNanos.get(worker)) > lostAfter.toNanos()) {
                LOG.warn("{} was not heard of for {}: its partition goes to another", node(worker), lostAfter);
                assignments.lost(worker);
            }
        }
        if (!holders.isEmpty()) {
            anyoneNanos = now;
        } else if (now - anyoneNanos > lostAfter.toNanos()) {
            end(new ReplayAssignments.Failure("no batch node takes the run's partitions", false));
        }
        return goOn();
    }

    private Behavior<Command> goOn() {
        if (ended) {
            return this;
        }
        for (ReplayAssignments.Given<ActorRef<ReplayWorkerEntity.Command>> given : assignments.next()) {
            heardNanos.put(given.worker(), System.nanoTime());
            LOG.debug("{} is given to {}", given.order().folder(), node(given.worker()));
            given.worker()
                    .tell(new ReplayWorkerEntity.Take(
                            given.order(), getContext().getSelf()));
        }
        if (assignments.failure().isPresent()) {
            end(assignments.failure().get());
        } else {
            notices.accept(new Notice(assignments.left(), assignments.nodes(), null));
            ended = assignments.left() == 0;
        }
        return this;
    }

    private void end(ReplayAssignments.Failure failure) {
        if (!ended) {
            ended = true;
            notices.accept(new Notice(assignments.left(), assignments.nodes(), failure));
        }
    }

    /** Whoever waits must not wait for ever. */
    private Behavior<Command> died() {
        end(new ReplayAssignments.Failure("the node is stopping", false));
        return this;
    }
}
