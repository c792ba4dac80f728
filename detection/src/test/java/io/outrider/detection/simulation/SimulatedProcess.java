package io.outrider.detection.simulation;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.detection.entity.AccountEntity;
import io.outrider.detection.entity.AccountRoute;
import io.outrider.detection.entity.BlockingThreads;
import io.outrider.detection.entity.PartitionBoard;
import io.outrider.detection.entity.PartitionEntity;
import io.outrider.detection.entity.Publisher;
import io.outrider.detection.entity.SteppedPartition;
import io.outrider.detection.entity.Surroundings;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * A node from its start to its crash: the partition's actor of production, and the node's threads, whose tasks wait until it is
 * their turn. What the actor does goes out into the simulated world.
 */
final class SimulatedProcess implements AccountRoute, Publisher, SourceLog {

    private static final Duration RETRY = Duration.ofMillis(50);
    private static final Duration GIVE_UP = Duration.ofSeconds(4);

    private final PartitionSimulation world;
    private final SimulatedNode node;
    private final List<Runnable> blocking = new ArrayList<>();
    private final List<Runnable> builds = new ArrayList<>();
    private final List<PassiveAccounts> scratch = new ArrayList<>();
    private final PartitionBoard board = new PartitionBoard();
    private final SteppedPartition partition;
    private final SimulatedConsumer consumer;
    private boolean alive = true;

    SimulatedProcess(PartitionSimulation world, SimulatedNode node) {
        this.world = world;
        this.node = node;
        this.partition = new SteppedPartition(new Surroundings(
                world.lake,
                new RiskFiles(world.lake, topic()),
                this,
                this::past,
                generation(),
                PseudonymKey.NONE,
                world.fold.scorer(),
                (number, under) -> world.fold.open(),
                this,
                this,
                board,
                world.metrics,
                Clock.systemUTC(),
                world::now,
                PartitionSimulation.LIMITS,
                this::scratch,
                RETRY,
                RETRY,
                GIVE_UP,
                new BlockingThreads(blocking::add, blocking::add, blocking::add, builds::add)));
        this.consumer = new SimulatedConsumer(world, this);
    }

    SimulatedNode node() {
        return node;
    }

    boolean isAlive() {
        return alive;
    }

    /** Whether nothing is to be done any more. */
    boolean isIdle() {
        return consumer.isIdle() && blocking.isEmpty() && builds.isEmpty();
    }

    /** Whether the partition is to be here, by what it was told last. */
    boolean isClaimed() {
        return consumer.isClaimed();
    }

    PartitionBoard.@Nullable Status status() {
        return board.of(0);
    }

    void crash() {
        alive = false;
        scratch.forEach(PassiveAccounts::close);
    }

    /** Does one thing that is possible. */
    void act() {
        switch (world.random.nextInt(8)) {
            case 0, 1, 2 -> runAny();
            case 3 -> runBuild();
            case 4 -> consumer.follow();
            case 5 -> partition.tick();
            default -> consumer.stream();
        }
        settle();
    }

    /** A task of the threads for calls that block, of which one may overtake another; or what was to be tried again. */
    private void runAny() {
        if (blocking.isEmpty()) {
            partition.ring();
        } else {
            world.run(this, blocking.remove(world.random.nextInt(blocking.size())));
        }
    }

    private void runBuild() {
        if (!builds.isEmpty()) {
            world.run(this, builds.remove(0));
        }
    }

    /** Lets the partition take what has come from other threads. */
    private void settle() {
        if (alive && !node.isFrozen()) {
            partition.settle();
        }
    }

    void tell(PartitionEntity.Command command) {
        partition.tell(command);
    }

    void answer(AccountReply reply, @Nullable AccountPeer from) {
        partition.answer(reply, from);
    }

    @Override
    public void tell(int number, String account, @Nullable AccountPeer peer, AccountEntity.Command command) {
        AccountMessage message = SteppedPartition.message(command);
        if (peer instanceof SimulatedAccounts.Entity entity) {
            // On a way of its own, so that it may overtake what is on the longer one.
            world.transport.send(node.index(), "straight to " + account, () -> node.receive(entity, message));
        } else {
            world.transport.send(
                    node.index(), "to " + account, () -> world.homeOf(node).receive(account, node, message));
        }
    }

    @Override
    public CompletionStage<Done> attract(int number, Duration timeout, Supplier<CompletionStage<Boolean>> stands) {
        return stands.get().thenCompose(still -> {
            if (!still) {
                return CompletableFuture.failedFuture(new UnavailableException("not to come any more"));
            }
            world.attract(node);
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    @Override
    public void publish(RaisedAlert alert, Runnable acknowledged) {
        world.broker.send(node, alert.alert(), () -> acknowledge(acknowledged));
    }

    @Override
    public void publish(ScoredRecord scored, Runnable acknowledged) {
        world.broker.send(node, scored, () -> acknowledge(acknowledged));
    }

    @Override
    public void publish(DeadLetter letter, Runnable acknowledged) {
        world.broker.send(node, letter, () -> acknowledge(acknowledged));
    }

    private void acknowledge(Runnable acknowledged) {
        acknowledged.run();
        settle();
    }

    @Override
    public String topic() {
        return "transactions";
    }

    @Override
    public String generation() {
        return "g";
    }

    @Override
    public long startOffset(int number) {
        return 0;
    }

    @Override
    public long endOffset(int number) throws IOException {
        if (world.loses()) {
            throw new IOException("the broker is away");
        }
        return world.log.written();
    }

    /** The log from its beginning, in groups that overlap; now and then it cannot be read to the end. */
    private void past(int number, long from, long to, Consumer<EventGroup> taker) throws IOException {
        for (long next = from; next < to; ) {
            if (world.loses()) {
                throw new IOException("the log is away");
            }
            long end = next + 1 + world.random.nextInt(8);
            taker.accept(world.log.group(Math.max(0, next - world.random.nextInt(3)), Math.min(end, world.log.size())));
            next = end;
        }
    }

    private PassiveAccounts scratch() throws IOException {
        PassiveAccounts opened = ScratchAccounts.open(PartitionSimulation.SCRATCH, PartitionSimulation.SEGMENT_BYTES);
        scratch.add(opened);
        return opened;
    }
}
