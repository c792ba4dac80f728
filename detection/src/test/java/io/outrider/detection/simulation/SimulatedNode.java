package io.outrider.detection.simulation;

import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.detection.protocol.Tenure;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Restored;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One node: takes the partition over when the group gives it to it, hosts its runs, and holds accounts. Does what the
 * partition's actor does in production, one small step at a time.
 */
final class SimulatedNode {

    private static final long GIVE_UP_MS = 4_000;

    private enum Phase {
        IDLE,
        CLAIMING,
        CLAIMED,
        ATTRACTED,
        RUNNING,
        DRAINING,
        ENDING
    }

    private final PartitionSimulation world;
    private final int index;
    private final SimulatedAccounts accounts;

    private Phase phase = Phase.IDLE;
    private @Nullable SimulatedRun run;
    private @Nullable Held held;
    private @Nullable Tenure tenure;

    private long patienceMs;
    private boolean frozen;
    private int incarnation;
    private ContextRef wanted;

    SimulatedNode(PartitionSimulation world, int index) {
        this.world = world;
        this.index = index;
        this.accounts = new SimulatedAccounts(world.fold, this::reply);
        this.wanted = world.wanted();
    }

    int index() {
        return index;
    }

    /** Changes with every crash. */
    int incarnation() {
        return incarnation;
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    void freeze(boolean to) {
        frozen = to;
    }

    void crash() {
        incarnation++;
        phase = Phase.IDLE;
        forget();
        frozen = false;
        accounts.clear();
        world.transport.drop(index);
        world.broker.drop(this);
    }

    /** Does one thing that is possible. */
    void act() {
        if (frozen) {
            return;
        }
        try {
            step();
        } catch (PartitionSimulation.Crashed e) {
            return; // in the middle of a call
        }
        settle();
    }

    private void step() {
        SimulatedRun current = run;
        switch (world.random.nextInt(9)) {
            case 0 -> accounts.passivate();
            case 1 -> takeOver();
            case 2 -> follow();
            case 3, 4 -> {
                if (current != null) {
                    current.write();
                }
            }
            case 5 -> {
                if (current != null) {
                    current.tick();
                }
            }
            case 6 -> {
                if (current != null) {
                    current.inquire();
                }
            }
            default -> {
                if (current != null && phase == Phase.RUNNING) {
                    current.stream();
                }
            }
        }
    }

    /** A message for an account, which is thought to be here; false while the node is frozen. */
    boolean receive(String account, SimulatedNode from, AccountMessage message) {
        if (frozen) {
            return false;
        }
        accounts.receive(account, from, message);
        return true;
    }

    /** A message for an account in memory here, past the shard. */
    boolean receive(SimulatedAccounts.Entity entity, AccountMessage message) {
        if (frozen) {
            return false;
        }
        accounts.receive(entity, this, message);
        return true;
    }

    /** The broker has a record of the run of an epoch. */
    void published(long epoch, long interval) {
        if (run != null && run.machine().epoch() == epoch) {
            run.machine().onPublished(interval, world.now());
        }
        settle();
    }

    /** The shard has moved to another node. */
    void handOff() {
        if (!frozen) {
            accounts.handOff();
        }
    }

    private void reply(SimulatedNode to, AccountReply reply, AccountPeer from) {
        world.transport.send(to.index, "from " + index + " of " + reply.account(), () -> {
            if (to.frozen) {
                return false;
            }
            if (to.run != null) {
                to.run.machine().onReply(reply, to == this ? from : null, world.now());
                to.settle();
            }
            return true;
        });
    }

    /** Learns what the others know: the context that is wanted, and whose the partition is. */
    private void follow() {
        SimulatedRun current = run;
        boolean mine = world.isAssigned(this);
        boolean learns = mine || world.isSettled() || world.random.nextInt(world.isHaunted() ? 64 : 8) == 0;
        if (!wanted.equals(world.wanted()) && learns) {
            wanted = world.wanted();
            if (current != null) {
                current.changeContext(wanted);
            }
        }
        boolean done = mine && world.isSettled() && current != null && current.hasTaken(world.records());
        if (current != null && phase == Phase.RUNNING && (done || (!mine && learns))) {
            phase = Phase.DRAINING;
            patienceMs = world.now() + GIVE_UP_MS;
            current.machine().drain(world.now());
        }
    }

    private void takeOver() {
        try {
            if (phase == Phase.IDLE && world.isAssigned(this)) {
                claim();
            } else if (phase == Phase.CLAIMED) {
                phase = Phase.ATTRACTED;
                world.attract(this);
            } else if (phase == Phase.ATTRACTED && held != null && tenure != null) {
                load(held, tenure);
            }
        } catch (IOException e) {
            phase = Phase.IDLE; // and claims again when its turn comes
        }
    }

    private void claim() throws IOException {
        phase = Phase.CLAIMING;
        long claimMs = world.now();
        Claim claim = new Claim(
                "o" + world.nextOwner(),
                "transactions",
                "g",
                0,
                0,
                world.log.written(),
                world.fold.planFingerprint(wanted),
                wanted);
        Held claimed = world.calling(this, () -> world.checkpoints.claim(claim, world::isFamiliar));
        held = claimed;
        tenure = new Tenure(
                claimed.manifest().epoch(),
                PartitionSimulation.LIMITS.leaseMs(),
                claimMs,
                world.now(),
                world.log.written());
        phase = Phase.CLAIMED;
    }

    private void load(Held claimed, Tenure begun) throws IOException {
        phase = Phase.CLAIMING;
        PassiveAccounts accounts = ScratchAccounts.open(PartitionSimulation.SCRATCH, PartitionSimulation.SEGMENT_BYTES);
        Restored restored;
        try {
            restored = world.calling(this, () -> {
                Restored loaded = world.checkpoints.restore(claimed, 0, accounts);
                world.checkpoints.deleteLeftovers(claimed.manifest());
                return loaded;
            });
        } catch (IOException | RuntimeException e) {
            accounts.close();
            throw e;
        }
        world.restored(restored.damage());
        run = new SimulatedRun(world, this, restored.held(), accounts, begun);
        run.changeContext(wanted);
        phase = Phase.RUNNING;
    }

    private void settle() {
        SimulatedRun current = run;
        if (current == null) {
            return;
        }
        boolean impatient = phase == Phase.DRAINING && world.now() > patienceMs;
        if (phase != Phase.ENDING && (current.lost || current.drained || current.switched || impatient)) {
            phase = Phase.ENDING;
            patienceMs = world.now() + GIVE_UP_MS;
            world.drained(current.drained && !current.lost ? current.machine().durableOffset() : 0);
            current.machine().end();
        }
        if (phase == Phase.ENDING && (current.ended || world.now() > patienceMs)) {
            forget();
            phase = Phase.IDLE;
        }
    }

    private void forget() {
        if (run != null) {
            run.close();
            run = null;
        }
    }
}
