package io.outrider.training.distributed;

import io.outrider.core.pace.Pace;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays partitions for runs of any node, one after the other in a thread of its own: so many of these as a node has bound
 * the partitions that it holds in memory at once. It says at every beat that it is there, to whoever waits for it, and leaves
 * the work of a coordinator that has died.
 */
final class ReplayWorkerEntity extends AbstractBehavior<ReplayWorkerEntity.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayWorkerEntity.class);

    /** Where coordinators find the workers. */
    static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "outrider-etl-worker");

    /** What it understands. */
    sealed interface Command {}

    /** Replay a partition, once those that were ordered before are done. */
    record Take(ReplayOrder order, ActorRef<ReplayCoordinatorEntity.Command> replyTo) implements Command {}

    /** The node stops: leave everything and take nothing more; answered when nothing is under way any more. */
    record Leave(ActorRef<Done> replyTo) implements Command {}

    private record Ended(Take of, ReplayOutcome outcome) implements Command {}

    private record Orphaned(ActorRef<ReplayCoordinatorEntity.Command> coordinator) implements Command {}

    private enum Beat implements Command {
        INSTANCE
    }

    /**
     * What it is built from.
     *
     * @param etl the dataset's ETL by this node's own settings
     * @param disk folder for temporary files
     * @param pace of each replay
     * @param heartbeat how often it says that it is there
     */
    record Parts(SupervisedEtl.Etl etl, Path disk, Supplier<Pace> pace, Duration heartbeat) {}

    private final Parts parts;
    private final ExecutorService thread;
    private final Deque<Take> orders = new ArrayDeque<>(); // the first is under way
    private @Nullable Future<?> running;
    private boolean leaving;

    /** @param thread one; ended with this */
    static Behavior<Command> create(Parts parts, ExecutorService thread) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ReplayWorkerEntity(context, timers, parts, thread)));
    }

    private ReplayWorkerEntity(
            ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts, ExecutorService thread) {
        super(context);
        this.parts = parts;
        this.thread = thread;
        context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
        timers.startTimerWithFixedDelay(Beat.INSTANCE, parts.heartbeat());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Take.class, this::take)
                .onMessage(Leave.class, this::leave)
                .onMessage(Ended.class, this::ended)
                .onMessage(Orphaned.class, this::orphaned)
                .onMessage(Beat.class, beat -> beat())
                .onSignal(PostStop.class, signal -> stopped())
                .build();
    }

    private Behavior<Command> take(Take take) {
        if (leaving) {
            answer(take, new ReplayOutcome.Refused("the node is stopping"));
        } else if (!orders.contains(take)) {
            getContext().watchWith(take.replyTo(), new Orphaned(take.replyTo()));
            orders.addLast(take);
            begin();
        }
        return this;
    }

    private void begin() {
        Take next = orders.peekFirst();
        if (running == null && next != null) {
            ActorRef<Command> self = getContext().getSelf();
            running = thread.submit(() -> self.tell(new Ended(next, replayed(next.order()))));
        }
    }

    /** In the worker's thread. What is interrupted leaves nothing on disk, and nothing in the lake that counts. */
    private ReplayOutcome replayed(ReplayOrder order) {
        try {
            ReplayOrder.Captured captured = order.captured();
            if (captured == null) {
                return new ReplayOutcome.Refused("the run's node has an earlier program");
            }
            EtlJob etl = parts.etl().on(Files.createDirectories(parts.disk()), order.acceptMissingRisk());
            return replayed(order, captured, etl);
        } catch (IOException e) {
            return failed(order, e);
        } catch (CancellationException e) {
            LOG.info("The replay for {} was stopped", order.folder());
            return new ReplayOutcome.Failed(String.valueOf(e.getMessage()), false);
        } catch (Throwable e) { // whatever it is, the run must not wait for it
            LOG.warn("The replay for {} failed", order.folder(), e);
            return new ReplayOutcome.Failed(String.valueOf(e), false);
        }
    }

    /** Under a lease of its own: the run may be over, and this not have noticed. */
    private ReplayOutcome replayed(ReplayOrder order, ReplayOrder.Captured captured, EtlJob etl) throws IOException {
        try (DatasetLease lease = etl.lease()) {
            PartitionUnit unit = etl.unit(order.origin(), order.from(), captured.last());
            Optional<String> refusal = refusal(order, captured, unit);
            if (refusal.isPresent()) {
                return new ReplayOutcome.Refused(refusal.get());
            }
            unit.replay(parts.pace().get());
            lease.confirm();
            return ReplayOutcome.Done.INSTANCE;
        }
    }

    /** Why this node would make something else. */
    private static Optional<String> refusal(ReplayOrder order, ReplayOrder.Captured captured, PartitionUnit unit) {
        int files = unit.work().names().size();
        if (files != captured.count()) {
            return Optional.of("this node finds " + files + " new Capture files of partition " + unit.partition()
                    + " up to " + captured.last() + ", not " + captured.count() + "; run again");
        }
        String plan = unit.scope().request().plan().fingerprint();
        return plan.equals(order.origin().planFingerprint()) && unit.folder().equals(order.folder())
                ? Optional.empty()
                : Optional.of("this node would make another thing of partition " + unit.partition()
                        + ": it has other settings or another program, or an account was erased meanwhile; run again");
    }

    private static ReplayOutcome failed(ReplayOrder order, IOException failure) {
        LOG.info("The replay for {} ended early", order.folder(), failure);
        try {
            return new ReplayOutcome.Failed(
                    String.valueOf(SupervisedEtl.judged(failure).getMessage()), false);
        } catch (Job.HopelessException e) {
            return new ReplayOutcome.Failed(String.valueOf(e.getMessage()), true);
        }
    }

    private Behavior<Command> ended(Ended ended) {
        if (ended.of().equals(orders.peekFirst())) {
            orders.removeFirst();
            running = null;
            answer(ended.of(), ended.outcome());
            begin();
        }
        return this;
    }

    private Behavior<Command> orphaned(Orphaned orphaned) {
        Take first = orders.peekFirst();
        if (first != null && first.replyTo().equals(orphaned.coordinator())) {
            interrupt();
        }
        orders.removeIf(take -> take.replyTo().equals(orphaned.coordinator()));
        begin();
        return this;
    }

    /** The thread goes on with what is next once the work has noticed. */
    private void interrupt() {
        if (running != null) {
            running.cancel(true);
            running = null;
        }
    }

    private Behavior<Command> leave(Leave leave) {
        leaving = true;
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.deregister(KEY, getContext().getSelf()));
        interrupt();
        orders.forEach(take -> answer(take, new ReplayOutcome.Refused("the node is stopping")));
        orders.clear();
        var unused = thread.submit(() -> leave.replyTo().tell(Done.getInstance()));
        return this;
    }

    private Behavior<Command> beat() {
        orders.forEach(take -> take.replyTo()
                .tell(new ReplayCoordinatorEntity.Alive(getContext().getSelf())));
        return this;
    }

    private void answer(Take take, ReplayOutcome outcome) {
        take.replyTo()
                .tell(new ReplayCoordinatorEntity.Answer(
                        take.order().folder(), outcome, getContext().getSelf()));
    }

    private Behavior<Command> stopped() {
        interrupt();
        thread.shutdown();
        return this;
    }
}
