package io.outrider.detection.simulation;

import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;

/** One node: a process that may take the partition over, started again when it has crashed, and the accounts that are here. */
final class SimulatedNode {

    private final PartitionSimulation world;
    private final int index;
    private final SimulatedAccounts accounts;

    private SimulatedProcess process;
    private boolean frozen;

    SimulatedNode(PartitionSimulation world, int index) {
        this.world = world;
        this.index = index;
        this.accounts = new SimulatedAccounts(world.fold, this::reply);
        this.process = new SimulatedProcess(world, this);
    }

    int index() {
        return index;
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isIdle() {
        return process.isIdle();
    }

    void freeze(boolean to) {
        frozen = to;
    }

    void crash() {
        process.crash();
        process = new SimulatedProcess(world, this);
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
        if (world.random.nextInt(9) == 0) {
            accounts.passivate();
        } else {
            process.act();
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
            to.process.answer(reply, to == this ? from : null);
            return true;
        });
    }
}
