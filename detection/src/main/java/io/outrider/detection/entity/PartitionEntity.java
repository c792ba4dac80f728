package io.outrider.detection.entity;

import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.ClaimRefusedException;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition on this node: claims it, hosts its run, and starts over when the run is lost. Lives as long as the
 * node; between runs it refuses groups, which fails their stream, so that ingestion claims again.
 */
public final class PartitionEntity extends AbstractBehavior<PartitionEntity.Command> {

    /** What a partition understands. */
    public sealed interface Command {}

    /**
     * Claim the partition and start a run; answered by the offset to consume from.
     *
     * @param context what is in force if the partition was never claimed before; what is to be in force otherwise
     */
    public record Claim(ContextRef context, ActorRef<StatusReply<Long>> replyTo) implements Command {}

    /**
     * A group of the stream that began with the run of this epoch. Completes when the group is taken and the next may
     * be offered, or the partition is released; or fails with {@link RunLostException}. A promise, because waiting for room has no time limit.
     */
    public record Offer(long epoch, EventGroup group, CompletableFuture<Done> taken) implements Command {}

    /**
     * The stream that began with the run of this epoch has begun. It is ended by {@code abort} when no run goes on with it: it
     * may have nothing to offer for long, and until then would not notice.
     */
    public record Streams(long epoch, Consumer<RunLostException> abort) implements Command {}

    /**
     * The stream is ending: take a last checkpoint and forget the partition; answered when that is done. What the stream
     * offers from now on is let through untaken, so that it ends without a failure.
     */
    public record Release(ActorRef<StatusReply<Done>> replyTo) implements Command {}

    /** Put another context in force; answered when it is, durably. */
    public record ChangeContext(ContextRef context, ActorRef<StatusReply<Done>> replyTo) implements Command {}

    /** What does an account look like? */
    public record Find(String account, ActorRef<StatusReply<Optional<AccountView>>> replyTo) implements Command {}

    /** What would be said of this transaction? */
    public record Assess(Transaction transaction, ActorRef<StatusReply<Assessment>> replyTo) implements Command {}

    /** Which are the first accounts behind one, or of all if null? */
    public record Names(@Nullable String after, int limit, ActorRef<StatusReply<AccountNames>> replyTo)
            implements Command {}

    /**
     * An account's answer.
     *
     * @param from the entity, on this node; null in answers that came from another
     */
    record Answer(AccountReply reply, @Nullable AccountPeer from) implements Command {}

    /** The broker has an alert or dead letter of this epoch's interval. */
    record Published(long epoch, long interval) implements Command {}

    record TakeoverEnded(
            Takeover.@Nullable Taken taken, @Nullable Throwable failure) implements Command {

        void discard() {
            if (taken != null) {
                taken.close();
            }
        }
    }

    record WriteEnded(
            long epoch,
            Checkpoint checkpoint,
            @Nullable Outcome outcome,
            @Nullable Throwable failure) implements Command {}

    record RetryWrite(long epoch, Checkpoint checkpoint) implements Command {}

    /** Whether the partition was this epoch's own at some moment after {@code sinceMs}. */
    record Seen(long epoch, long sinceMs, boolean own) implements Command {}

    /** The log's end, as the run of an epoch has asked for it. */
    record LogEnd(long epoch, long offset) implements Command {}

    /** Go on under another feature plan, which could not be done before. */
    enum GoOn implements Command {
        INSTANCE
    }

    enum Tick implements Command {
        INSTANCE
    }

    private enum Phase {
        IDLE,
        TAKING_OVER,
        RUNNING,
        DRAINING,
        ENDING
    }

    private static final Logger LOG = LoggerFactory.getLogger(PartitionEntity.class);
    private static final String RETRY = "retry";
    private static final String GO_ON = "go on";
    private static final Duration TICK = Duration.ofMillis(50);

    private final int partition;
    private final Surroundings node;
    private final Takeover takeover;
    private final Continuation continuation;
    private final TimerScheduler<Command> timers;

    private final Callers callers = new Callers();

    private Phase phase = Phase.IDLE;

    /** Whether the last takeover is still wanted. */
    private AtomicBoolean takeoverStands = new AtomicBoolean();

    /** Whether others find us: from the first run until the partition is released. */
    private final Registration<Command> registration;

    /** Set from RUNNING to ENDING. */
    private @Nullable HostedRun hosted;

    /** What is to be in force, once it may. */
    private @Nullable ContextRef wanted;

    /** Until when DRAINING or ENDING is waited for. */
    private long patienceMs;

    /** Why a last checkpoint was not taken; for {@link Release}. */
    private @Nullable String unfinished;

    private PartitionEntity(
            ActorContext<Command> context, TimerScheduler<Command> timers, int partition, Surroundings node) {
        super(context);
        this.partition = partition;
        this.node = node;
        this.takeover = new Takeover(node);
        this.continuation = new Continuation(partition);
        this.registration = new Registration<>(context.getSystem(), key(partition), context.getSelf());
        this.timers = timers;
        timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
    }

    /** A partition that is not yet claimed. */
    public static Behavior<Command> create(int partition, Surroundings node) {
        Behavior<Command> entity = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new PartitionEntity(context, timers, partition, node)));
        return Behaviors.supervise(entity).onFailure(SupervisorStrategy.restart());
    }

    /** What a partition that runs is registered under, for all nodes to find. */
    public static ServiceKey<Command> key(int partition) {
        return ServiceKey.create(Command.class, "outrider-partition-" + partition);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        Answer.class,
                        message -> running(run -> run.run().onReply(message.reply(), message.from(), now())))
                .onMessage(Offer.class, this::onOffer)
                .onMessage(Published.class, this::onPublished)
                .onMessage(WriteEnded.class, this::onWriteEnded)
                .onMessage(RetryWrite.class, this::onRetryWrite)
                .onMessage(Seen.class, this::onSeen)
                .onMessage(LogEnd.class, this::onLogEnd)
                .onMessage(Tick.class, tick -> running(HostedRun::tick))
                .onMessage(GoOn.class, goOn -> {
                    continuation.again();
                    return settle();
                })
                .onMessage(Claim.class, this::onClaim)
                .onMessage(Streams.class, this::onStreams)
                .onMessage(TakeoverEnded.class, this::onTakeoverEnded)
                .onMessage(Release.class, this::onRelease)
                .onMessage(ChangeContext.class, this::onChangeContext)
                .onMessage(
                        Find.class,
                        ask -> query(ask.replyTo(), run -> run.lookups().find(ask.account(), ask.replyTo())))
                .onMessage(
                        Assess.class,
                        ask -> query(ask.replyTo(), run -> run.lookups().assess(ask.transaction(), ask.replyTo())))
                .onMessage(
                        Names.class,
                        ask -> query(ask.replyTo(), run -> run.lookups().names(ask)))
                .onSignal(PreRestart.class, signal -> onDeath())
                .onSignal(PostStop.class, signal -> onDeath())
                .build();
    }

    private Behavior<Command> onClaim(Claim claim) {
        continuation.stop("the partition is claimed anew");
        callers.add(claim);
        wanted = claim.context();
        return settle();
    }

    private Behavior<Command> onTakeoverEnded(TakeoverEnded ended) {
        if (phase != Phase.TAKING_OVER) {
            ended.discard();
            return this;
        }
        phase = Phase.IDLE;
        if (!callers.anyClaims() && continuation.from() == null) {
            ended.discard(); // released meanwhile
            return settle();
        }
        if (ended.taken() == null) {
            if (takeoverStands.get()) {
                onNotTaken(ended.failure());
            }
            return settle(); // who has claimed since it was given up gets a takeover of its own
        }
        registration.begin();
        node.metrics().undecided(partition, 0);
        HostedRun run = new HostedRun(partition, node, getContext().getSelf(), ended.taken());
        hosted = run;
        phase = Phase.RUNNING;
        if (continuation.from() == null) {
            continuation.begin(run.run().epoch());
        }
        if (wanted != null) {
            run.changeContext(wanted);
        }
        callers.claimed(run.run().durableOffset());
        Offer waiting = continuation.arrived();
        return waiting == null ? settle() : running(next -> next.offer(waiting.group(), waiting.taken()));
    }

    private void onNotTaken(@Nullable Throwable failure) {
        String problem = HostedRun.cause(failure);
        LOG.warn("Partition {} cannot be claimed: {}", partition, problem);
        node.board().put(partition, new PartitionBoard.Status(0, 0, null, problem));
        callers.notClaimed(problem);
        if (failure != null && HostedRun.root(failure) instanceof ClaimRefusedException refused) {
            node.metrics().undecided(partition, refused.undecided());
            continuation.lose(problem);
        } else if (continuation.from() != null) {
            timers.startSingleTimer(GO_ON, GoOn.INSTANCE, node.writeRetry());
        }
    }

    private Behavior<Command> onStreams(Streams stream) {
        if (runs(stream.epoch()) || continuation.awaits(stream.epoch())) {
            continuation.streams(stream.abort());
        } else if (!continuation.isReleased(stream.epoch())) {
            stream.abort().accept(noRunOf(stream.epoch()));
        }
        return this;
    }

    /** Whether a stream that began with the run of this epoch is that of the run that goes on. */
    private boolean runs(long epoch) {
        HostedRun current = hosted;
        return phase == Phase.RUNNING
                && current != null
                && (epoch == continuation.streamEpoch()
                        || epoch == current.run().epoch());
    }

    private RunLostException noRunOf(long epoch) {
        return new RunLostException(partition, "no run of epoch " + epoch);
    }

    private Behavior<Command> onOffer(Offer offer) {
        if (runs(offer.epoch())) {
            continuation.begin(offer.epoch());
            return running(run -> run.offer(offer.group(), offer.taken()));
        }
        if (continuation.isReleased(offer.epoch())) {
            offer.taken().complete(Done.getInstance()); // the stream is ending, and the next owner reads this again
        } else if (!continuation.keeps(offer)) {
            offer.taken().completeExceptionally(noRunOf(offer.epoch()));
        }
        return this;
    }

    private Behavior<Command> onPublished(Published published) {
        return running(run -> {
            if (run.run().epoch() == published.epoch()) {
                run.run().onPublished(published.interval(), now());
            }
        });
    }

    private Behavior<Command> onWriteEnded(WriteEnded ended) {
        return running(run -> {
            if (run.run().epoch() == ended.epoch()) {
                run.onWriteEnded(ended.checkpoint(), ended.outcome(), ended.failure());
                if (ended.outcome() == null && run.lost() == null) {
                    timers.startSingleTimer(
                            RETRY, new RetryWrite(ended.epoch(), ended.checkpoint()), node.writeRetry());
                }
            }
        });
    }

    private Behavior<Command> onRetryWrite(RetryWrite retry) {
        return running(run -> {
            if (run.run().epoch() == retry.epoch()) {
                run.write(retry.checkpoint());
            }
        });
    }

    private Behavior<Command> onSeen(Seen seen) {
        return running(run -> {
            if (run.run().epoch() == seen.epoch() && seen.own()) {
                run.run().onSeen(seen.sinceMs(), now());
            } else if (run.run().epoch() == seen.epoch()) {
                run.run().onFenced("another");
            }
        });
    }

    private Behavior<Command> onLogEnd(LogEnd end) {
        return running(run -> {
            if (run.run().epoch() == end.epoch()) {
                run.run().onLogEnd(end.offset(), now());
            }
        });
    }

    private Behavior<Command> onRelease(Release release) {
        callers.add(release);
        takeoverStands.set(false);
        continuation.release(streamEpochs());
        callers.notClaimed("released while it was being claimed");
        if (hosted != null && phase == Phase.RUNNING) {
            phase = Phase.DRAINING;
            patienceMs = now() + node.giveUp().toMillis();
            hosted.taken(); // so that the stream ends: what it offered is not
            hosted.drain();
        }
        return settle();
    }

    /** By which the stream offers that goes on now, or is about to. */
    private Set<Long> streamEpochs() {
        Set<Long> epochs = new HashSet<>();
        HostedRun current = hosted;
        if (current != null && phase == Phase.RUNNING) {
            epochs.add(current.run().epoch());
        }
        if (!epochs.isEmpty() || continuation.from() != null) {
            epochs.add(continuation.streamEpoch());
        }
        return epochs;
    }

    private Behavior<Command> onChangeContext(ChangeContext change) {
        wanted = change.context();
        callers.add(change);
        return running(run -> run.changeContext(change.context()));
    }

    private <T> Behavior<Command> query(ActorRef<StatusReply<T>> replyTo, Consumer<HostedRun> question) {
        if (hosted == null || phase == Phase.ENDING) {
            replyTo.tell(StatusReply.error("partition " + partition + " is not running on this node"));
            return this;
        }
        return running(run -> {
            try {
                question.accept(run);
            } catch (UncheckedIOException e) {
                replyTo.tell(StatusReply.error(new UnavailableException(String.valueOf(e.getMessage()))));
                throw e;
            }
        });
    }

    private Behavior<Command> running(Consumer<HostedRun> step) {
        HostedRun run = hosted;
        if (run != null) {
            run.attempt(() -> step.accept(run));
        }
        return settle();
    }

    /** Goes on to the next phase where what it waited for has come. */
    private Behavior<Command> settle() {
        HostedRun run = hosted;
        if (run != null) {
            callers.inForce(run.run().context());
            if (phase != Phase.ENDING) {
                maybeEnd(run);
            }
            if (phase == Phase.ENDING && (run.isEnded() || now() > patienceMs)) {
                run.close();
                hosted = null;
                phase = Phase.IDLE;
            }
        }
        if (phase == Phase.IDLE) {
            answerReleases();
            callers.inForce(null);
            Claim claim = callers.newestClaim();
            if (claim != null) {
                takeOver(claim.context(), null);
            } else {
                Takeover.Former former = continuation.due();
                if (former != null) {
                    takeOver(former.held().manifest().context(), former);
                }
            }
        }
        return this;
    }

    private void takeOver(ContextRef fresh, Takeover.@Nullable Former former) {
        phase = Phase.TAKING_OVER;
        AtomicBoolean stands = new AtomicBoolean(true);
        takeoverStands = stands;
        ActorRef<Command> self = getContext().getSelf();
        var unused = takeover.take(partition, fresh, former, stands::get)
                .whenComplete((taken, failure) -> self.tell(new TakeoverEnded(taken, failure)));
    }

    private void maybeEnd(HostedRun run) {
        boolean impatient = phase == Phase.DRAINING && now() > patienceMs;
        String lost = run.lost();
        if (lost != null) {
            LOG.warn("Partition {} needs a new run: {}", partition, lost);
            node.metrics().lostRuns.increment();
            node.board().put(partition, new PartitionBoard.Status(0, 0, null, "a new run is needed: " + lost));
            unfinished = phase == Phase.DRAINING ? "the run was lost before its last checkpoint: " + lost : null;
        } else if (impatient) {
            unfinished = "the last checkpoint could not be taken within " + node.giveUp();
        }
        boolean isOver = lost != null || impatient || run.isDrained() || run.isSwitched();
        if (isOver || (callers.anyClaims() && phase == Phase.RUNNING)) {
            if (run.isSwitched() && !callers.anyClaims() && phase == Phase.RUNNING) {
                LOG.info(
                        "Partition {} goes on under feature plan {}, with model {}",
                        partition,
                        run.held().manifest().planFingerprint(),
                        run.held().manifest().context().modelVersion());
                continuation.goOn(run.held(), run.takeBack(continuation.streamEpoch()));
            } else if (phase == Phase.RUNNING) {
                continuation.lose("a new run begins");
            }
            phase = Phase.ENDING;
            patienceMs = now() + node.giveUp().toMillis();
            run.refuse("a new run begins");
            run.run().end();
        }
    }

    private void answerReleases() {
        if (callers.anyReleases()) {
            node.board().remove(partition);
            registration.end();
            callers.released(unfinished);
            unfinished = null;
        }
    }

    /** Leaves nobody waiting, and no account in memory that nobody would ever retire. */
    private Behavior<Command> onDeath() {
        String reason = "the actor of partition " + partition + " stopped";
        node.board().remove(partition);
        registration.end();
        takeoverStands.set(false);
        continuation.lose(reason);
        callers.failAll(reason);
        HostedRun run = hosted;
        if (run != null) {
            run.refuse(reason);
            run.run().end();
            run.close();
        }
        return this;
    }

    private long now() {
        return node.nowMs();
    }
}
