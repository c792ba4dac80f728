package io.outrider.detection.entity;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.core.telemetry.PartitionMetrics;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.PartitionEffects;
import io.outrider.detection.protocol.PartitionRun;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.lake.blob.FailureReason;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.lake.risk.ReportName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's run with its effects carried out: messages go through the shard region, alerts to the publisher,
 * checkpoints to the lake. Belongs to the {@link PartitionEntity} that hosts it; what other threads have done comes
 * back as messages to that.
 */
final class HostedRun implements PartitionEffects {

    private static final Logger LOG = LoggerFactory.getLogger(HostedRun.class);

    private static final String OVERDUE = "takes no events, because the lake has not said for too long whose it is";

    private final int partition;
    private final Surroundings node;
    private final ActorRef<PartitionEntity.Command> self;
    private final Takeover.Taken start;
    private final PartitionRun run;
    private final AccountLookups lookups;
    private final ContextChange change;
    private final PartitionMetrics metrics;

    private Held held;
    private Takeover.@Nullable Setback setback;
    /** The merchants' counts of the barrier that is being written. */
    private Counted counted = new Counted(0, 0, new MerchantCounts());

    private @Nullable CompletableFuture<Done> offered;
    private @Nullable String lost;
    private boolean drained;
    private boolean ended;
    private boolean overdue;

    private boolean switched;

    private record Counted(long fromOffset, long nextOffset, MerchantCounts merchants) {}

    HostedRun(int partition, Surroundings node, ActorRef<PartitionEntity.Command> self, Takeover.Taken taken) {
        this.partition = partition;
        this.node = node;
        this.self = self;
        this.held = taken.held();
        this.setback = taken.setback();
        this.start = taken;
        this.metrics = node.metrics().partition(partition);
        this.run = new PartitionRun(held.manifest(), taken.accounts(), taken.tenure(), node.limits(), this);
        this.lookups = new AccountLookups(partition, node, run, taken.codec());
        this.change = new ContextChange(partition, node, run, held.manifest().planFingerprint());
        node.metrics().runs.increment();
        metrics.checkpointed(node.clock().millis());
        metrics.progress(run.nextOffset(), 0);
        tell(catchingUp());
    }

    PartitionRun run() {
        return run;
    }

    /** Questions about accounts. */
    AccountLookups lookups() {
        return lookups;
    }

    /** Why the run was lost, or null. */
    @Nullable
    String lost() {
        return lost;
    }

    boolean isDrained() {
        return drained;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the checkpoint is of another plan now: nothing more can be done here, and a new run goes on from it. */
    boolean isSwitched() {
        return switched;
    }

    Held held() {
        return held;
    }

    /** Takes a step, which the run does not outlive if its accounts out of memory cannot be kept. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (UncheckedIOException e) {
            run.fail(String.valueOf(e.getMessage()));
        }
    }

    void drain() {
        attempt(() -> {
            change.last(now());
            run.drain(now());
        });
    }

    void changeContext(ContextRef to) {
        attempt(() -> change.to(to, now()));
    }

    void tick() {
        run.share(node.board().running());
        run.tick(now());
        change.follow(now());
        metrics.progress(run.nextOffset(), run.inFlight());
        if (overdue == start.tenure().holds(now())) {
            overdue = !overdue;
            tell(overdue ? OVERDUE : catchingUp());
        }
    }

    /** Forgets the accounts; nothing is asked of the run from now on. */
    void close() {
        change.end();
        node.metrics().forget(partition);
        try {
            start.close();
        } catch (UncheckedIOException e) {
            LOG.warn("Partition {} leaves something behind", partition, e);
        }
    }

    void offer(EventGroup next, CompletableFuture<Done> taken) {
        if (offered != null) {
            taken.completeExceptionally(new RunLostException(partition, "two streams at once"));
            return;
        }
        offered = taken;
        run.offer(next, now());
    }

    /** What waits for room: to be offered to the next run, which leaves out what this one has taken of it. */
    PartitionEntity.@Nullable Offer takeBack(long epoch) {
        CompletableFuture<Done> waiting = offered;
        EventGroup untaken = run.offered();
        if (waiting == null) {
            return null;
        }
        if (untaken == null) {
            taken();
            return null;
        }
        offered = null;
        return new PartitionEntity.Offer(epoch, untaken, waiting);
    }

    /** Fails the stream if it waits for room. */
    void refuse(String reason) {
        CompletableFuture<Done> waiting = offered;
        offered = null;
        if (waiting != null) {
            waiting.completeExceptionally(new RunLostException(partition, reason));
        }
    }

    void onWriteEnded(Checkpoint checkpoint, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (outcome instanceof Outcome.Written written) {
            CheckpointManifest before = held.manifest();
            countBytes(before, written.held().manifest());
            held = written.held();
            node.metrics().checkpoints.increment();
            metrics.checkpointed(node.clock().millis());
            switched = !held.manifest().planFingerprint().equals(before.planFingerprint());
            if (!switched) {
                run.onWritten(checkpoint.barrier(), now());
            }
        } else if (outcome instanceof Outcome.Fenced fenced) {
            run.onFenced("epoch " + fenced.by().epoch());
        } else if (failure instanceof UncheckedIOException) {
            run.fail("checkpoint " + checkpoint.barrier() + " cannot be written: " + cause(failure));
        } else {
            LOG.warn(
                    "Checkpoint {} of partition {} could not be written, trying again",
                    checkpoint.barrier(),
                    partition,
                    failure);
            tell("checkpoint " + checkpoint.barrier() + " cannot be written: " + cause(failure));
        }
    }

    private void countBytes(CheckpointManifest before, CheckpointManifest after) {
        Set<CheckpointFile> known = Set.copyOf(before.files());
        for (CheckpointFile file : after.files()) {
            if (!known.contains(file)) {
                node.metrics().checkpointBytes.add(file.sizeBytes());
            }
        }
    }

    @Override
    public void send(String account, @Nullable AccountPeer peer, AccountMessage message) {
        node.accounts().tell(partition, account, peer, new AccountEntity.Deliver(message, self));
    }

    @Override
    public void publish(long interval, RaisedAlert alert) {
        boolean backlog = alert.alert().receipt().position().offset() < start.settledOffset();
        node.publisher().publish(alert, () -> {
            if (!backlog) {
                node.metrics().recordAlertLatency(node.clock().millis() - alert.appendTimeMs());
            }
            self.tell(new PartitionEntity.Published(run.epoch(), interval));
        });
    }

    @Override
    public void publish(long interval, ScoredRecord scored) {
        node.publisher().publish(scored, () -> self.tell(new PartitionEntity.Published(run.epoch(), interval)));
    }

    @Override
    public void publish(long interval, DeadLetter letter) {
        node.publisher().publish(letter, () -> {
            metrics.deadLetter(letter.rejection().reason());
            self.tell(new PartitionEntity.Published(run.epoch(), interval));
        });
    }

    @Override
    public void report(long fromOffset, long nextOffset, MerchantCounts merchants) {
        counted = new Counted(fromOffset, nextOffset, merchants);
    }

    @Override
    public void write(Checkpoint checkpoint) {
        Held from = held;
        Counted counts = counted;
        ContextChange.Writer writer = change.writer();
        node.threads().checkpoints().execute(() -> {
            Outcome outcome = null;
            Throwable failure = null;
            long startedNanos = System.nanoTime();
            try {
                // Before anything is decided under it, and here, so that no account's thread waits for the lake.
                start.contexts().hold(checkpoint.context());
                report(checkpoint.barrier(), counts);
                outcome = writer.advance(start.checkpoints(), from, checkpoint);
                node.metrics().checkpointSeconds.add((System.nanoTime() - startedNanos) / 1e9);
            } catch (Throwable e) { // an Error, too: untold, the barrier would stay open for ever
                failure = e;
            }
            self.tell(new PartitionEntity.WriteEnded(run.epoch(), checkpoint, outcome, failure));
        });
    }

    private void report(long barrier, Counted counts) throws IOException {
        if (!counts.merchants().isEmpty()) {
            node.risk()
                    .putReport(
                            new ReportName(
                                    node.generation(),
                                    partition,
                                    barrier,
                                    run.epoch(),
                                    counts.fromOffset(),
                                    counts.nextOffset()),
                            counts.merchants().encode());
        }
    }

    @Override
    public void look() {
        Held claimed = held;
        ask(node.threads().leases(), "whose it is", () -> {
            long sinceMs = now();
            boolean own = start.checkpoints().isOwnedBy(claimed);
            return new PartitionEntity.Seen(run.epoch(), sinceMs, own);
        });
    }

    @Override
    public void askLogEnd() {
        ask(
                node.threads().checkpoints(),
                "where its log ends",
                () -> new PartitionEntity.LogEnd(run.epoch(), node.log().endOffset(partition)));
    }

    /** The run asks again for what has not come. */
    private void ask(Executor threads, String what, Callable<PartitionEntity.Command> question) {
        threads.execute(() -> {
            try {
                self.tell(question.call());
            } catch (Exception e) {
                LOG.warn("Partition {} cannot see {}: {}", partition, what, cause(e));
            }
        });
    }

    @Override
    public void taken() {
        CompletableFuture<Done> waiting = offered;
        offered = null;
        if (waiting != null) {
            waiting.complete(Done.getInstance());
        }
    }

    @Override
    public void folded(int events, int late) {
        node.metrics().events.add(events);
        node.metrics().lateEvents.add(late);
        metrics.folded(events, late);
    }

    @Override
    public void decided(long appendTimeMs) {
        if (run.durableOffset() >= start.settledOffset()) {
            node.metrics().recordDecisionLatency(node.clock().millis() - appendTimeMs);
        }
    }

    @Override
    public void skipped(int records) {
        node.metrics().skipped.add(records);
        metrics.skipped(records);
    }

    @Override
    public void committed(long nextOffset, ContextRef context) {
        start.contexts().keepOnly(context);
        if (setback != null && nextOffset >= setback.untilOffset()) {
            LOG.info("Partition {} is where it was before it went back", partition);
            setback = null;
        }
        tell(catchingUp());
    }

    @Override
    public void drained() {
        drained = true;
    }

    @Override
    public void lost(String reason) {
        lost = reason;
        refuse(reason);
    }

    @Override
    public void ended() {
        ended = true;
    }

    /** What is still to be done of the backlog, or null: until then the accounts are not what the log says. */
    private @Nullable String catchingUp() {
        if (setback != null) {
            return setback.reason();
        }
        long behind = start.settledOffset() - run.durableOffset();
        return behind <= 0 ? null : "is catching up: " + behind + " records to go";
    }

    private void tell(@Nullable String problem) {
        node.board()
                .put(partition, new PartitionBoard.Status(run.epoch(), run.durableOffset(), run.context(), problem));
    }

    private long now() {
        return node.nowMs();
    }

    static String cause(@Nullable Throwable failure) {
        return failure == null ? "no reason given" : FailureReason.of(root(failure));
    }

    /** What lies behind the wrapping of a stage. */
    static Throwable root(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
