package io.outrider.detection.simulation;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.PartitionEffects;
import io.outrider.detection.protocol.PartitionRun;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.PlanBuild;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.protocol.Tenure;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run of the partition on one node: its effects go out into the simulated world. */
final class SimulatedRun implements PartitionEffects {

    private final PartitionSimulation world;
    private final SimulatedNode node;
    private final PassiveAccounts accounts;
    private final PartitionRun run;

    private Held held;
    private long position;
    private boolean offering;
    private @Nullable Checkpoint toWrite;
    private boolean writing;
    private @Nullable Outcome written;
    private boolean looking;
    private boolean askingLogEnd;

    /** Another plan's states, while they are on their way. */
    private @Nullable PlanBuild build;

    private @Nullable ContextRef changeTo;

    boolean lost;
    boolean switched;
    boolean drained;
    boolean ended;

    SimulatedRun(PartitionSimulation world, SimulatedNode node, Held held, PassiveAccounts accounts, Tenure tenure) {
        this.world = world;
        this.node = node;
        this.held = held;
        this.accounts = accounts;
        this.position = held.manifest().nextOffset();
        this.run = new PartitionRun(held.manifest(), accounts, tenure, PartitionSimulation.LIMITS, this);
    }

    void close() {
        endBuild();
        accounts.close();
    }

    /** To one of another plan behind its states only, as the partition's actor does it. */
    void changeContext(ContextRef to) {
        if (isOwnPlan(to)) {
            endBuild();
            run.changeContext(to, world.now());
            return;
        }
        if (build == null || changeTo == null || !changeTo.modelVersion().equals(to.modelVersion())) {
            endBuild();
            try {
                PassiveAccounts states =
                        ScratchAccounts.open(PartitionSimulation.SCRATCH, PartitionSimulation.SEGMENT_BYTES);
                build = new PlanBuild(world.fold.open(), to, this::past, 0, states);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        changeTo = to;
    }

    private boolean isOwnPlan(ContextRef context) {
        return world.fold.planFingerprint(context).equals(held.manifest().planFingerprint());
    }

    /** The log from its beginning, in groups that overlap; now and then it cannot be read to the end. */
    private void past(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException {
        for (long next = from; next < to; ) {
            if (world.loses()) {
                throw new IOException("the log is away");
            }
            long end = next + 1 + world.random.nextInt(8);
            taker.accept(world.log.group(Math.max(0, next - world.random.nextInt(3)), Math.min(end, world.log.size())));
            next = end;
        }
    }

    void tick() {
        run.tick(world.now());
        PlanBuild current = build;
        ContextRef to = changeTo;
        if (current == null || to == null) {
            return;
        }
        try {
            current.advance(run.durableOffset());
        } catch (IOException e) {
            return; // tried again at the next tick
        }
        if (run.mayChangeContext()) {
            run.changeContext(to, world.now());
        }
    }

    private void endBuild() {
        PlanBuild current = build;
        build = null;
        changeTo = null;
        if (current != null) {
            current.close();
        }
    }

    private Outcome advance(Held from, Checkpoint checkpoint) throws IOException {
        if (isOwnPlan(checkpoint.context())) {
            return world.checkpoints.advance(from, checkpoint);
        }
        PlanBuild current = build;
        ContextRef to = changeTo;
        if (current == null
                || to == null
                || !to.modelVersion().equals(checkpoint.context().modelVersion())) {
            throw new UncheckedIOException(new IOException("changed back"));
        }
        Checkpoint complete;
        try {
            complete = current.checkpoint(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return world.checkpoints.changePlan(from, complete, world.fold.planFingerprint(to));
        } finally {
            if (current == build) {
                current.written();
            }
        }
    }

    PartitionRun machine() {
        return run;
    }

    boolean hasTaken(long records) {
        return position == records && !offering;
    }

    /** Offers what the consumer brings next, sometimes with records that it has brought before. */
    void stream() {
        long end = world.log.written();
        if (offering || position >= end) {
            return;
        }
        long to = Math.min(end, position + 1 + world.random.nextInt(world.isHaunted() ? 40 : 6));
        boolean setBack = world.loses();
        long from = setBack ? Math.max(0, position - 2) : position;
        position = to;
        offering = true;
        EventGroup group = setBack ? twice(world.log.group(from, to)) : world.log.group(from, to);
        run.offer(group, world.now());
    }

    /** A group that was gathered while the consumer was set back has its events a second time. */
    private static EventGroup twice(EventGroup group) {
        List<LoggedEvent> events = new ArrayList<>(group.events());
        events.addAll(group.events());
        return new EventGroup(group.partition(), events, group.deadLetters(), group.nextOffset());
    }

    /** One attempt at the checkpoint that waits to be written, or the outcome of the last one. */
    void write() {
        Outcome outcome = written;
        Checkpoint checkpoint = toWrite;
        if (writing || checkpoint == null) {
            return;
        }
        if (outcome == null) {
            writing = true;
            try {
                written = world.calling(node, () -> advance(held, checkpoint));
            } catch (IOException e) {
                // tried again when its turn comes
            } catch (UncheckedIOException e) {
                toWrite = null;
                run.fail(String.valueOf(e.getMessage()));
            } finally {
                writing = false;
            }
        } else {
            toWrite = null;
            written = null;
            if (outcome instanceof Outcome.Written done) {
                switched = !done.held()
                        .manifest()
                        .planFingerprint()
                        .equals(held.manifest().planFingerprint());
                held = done.held();
                if (!switched) {
                    run.onWritten(checkpoint.barrier(), world.now());
                }
            } else {
                run.onFenced("another");
            }
        }
    }

    @Override
    public void send(String account, @Nullable AccountPeer peer, AccountMessage message) {
        if (peer instanceof SimulatedAccounts.Entity entity) {
            // On a way of its own, so that it may overtake what is on the longer one.
            world.transport.send(node.index(), "straight to " + account, () -> node.receive(entity, message));
            return;
        }
        world.transport.send(node.index(), "to " + account, () -> {
            SimulatedNode to = world.homeOf(node);
            return to.receive(account, node, message);
        });
    }

    @Override
    public void publish(long interval, RaisedAlert alert) {
        world.broker.send(node, alert.alert(), () -> node.published(run.epoch(), interval));
    }

    @Override
    public void publish(long interval, ScoredRecord record) {
        world.broker.send(node, record, () -> node.published(run.epoch(), interval));
    }

    @Override
    public void publish(long interval, DeadLetter letter) {
        world.broker.send(node, letter, () -> node.published(run.epoch(), interval));
    }

    /** Finds out what the run has asked for, one thing at a time. */
    void inquire() {
        if (looking) {
            long sinceMs = world.now();
            looking = false;
            try {
                Held claimed = held;
                if (world.calling(node, () -> world.checkpoints.isOwnedBy(claimed))) {
                    run.onSeen(sinceMs, world.now());
                } else {
                    run.onFenced("another");
                }
            } catch (IOException e) {
                // the run asks again
            }
        } else if (askingLogEnd) {
            askingLogEnd = false;
            if (!world.loses()) {
                run.onLogEnd(world.log.written(), world.now());
            }
        }
    }

    @Override
    public void look() {
        looking = true;
    }

    @Override
    public void askLogEnd() {
        askingLogEnd = true;
    }

    @Override
    public void write(Checkpoint checkpoint) {
        toWrite = checkpoint;
    }

    @Override
    public void taken() {
        offering = false;
    }

    @Override
    public void folded(int events, int late) {}

    @Override
    public void decided(long appendTimeMs) {}

    @Override
    public void skipped(int records) {}

    @Override
    public void committed(long nextOffset, ContextRef context) {}

    @Override
    public void drained() {
        drained = true;
    }

    @Override
    public void lost(String reason) {
        lost = true;
    }

    @Override
    public void ended() {
        ended = true;
    }
}
