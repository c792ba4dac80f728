package io.outrider.detection.simulation;

import io.outrider.detection.protocol.AccountCell;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts in memory on one node: what its shard region and account actors do. An account that is asked to leave goes
 * some time later; what comes for it meanwhile is held back and starts it afresh.
 */
final class SimulatedAccounts {

    /** Where an account's answers go. */
    interface Answers {

        void reply(SimulatedNode to, AccountReply reply, AccountPeer from);
    }

    private record Held(SimulatedNode from, AccountMessage message) {}

    /** An account in memory. */
    static final class Entity extends AccountPeer {

        final String account;
        final AccountCell<?> cell;
        final Deque<Held> held = new ArrayDeque<>();

        @Nullable
        SimulatedNode partition;

        long epoch;
        boolean leaving;

        Entity(String account, AccountCell<?> cell) {
            this.account = account;
            this.cell = cell;
        }
    }

    private final SimulatedFold fold;
    private final Answers answers;
    private final Map<String, Entity> entities = new TreeMap<>();

    SimulatedAccounts(SimulatedFold fold, Answers answers) {
        this.fold = fold;
        this.answers = answers;
    }

    void receive(String account, SimulatedNode from, AccountMessage message) {
        Entity entity =
                entities.computeIfAbsent(account, name -> new Entity(name, new AccountCell<>(name, fold.open())));
        if (entity.leaving) {
            entity.held.add(new Held(from, message));
            return;
        }
        take(entity, from, message);
    }

    /** A message past the shard: taken if the account is still in memory, be it on its way out; lost otherwise. */
    void receive(Entity entity, SimulatedNode from, AccountMessage message) {
        if (entities.get(entity.account) == entity) {
            take(entity, from, message);
        }
    }

    private void take(Entity entity, SimulatedNode from, AccountMessage message) {
        boolean old = message.epoch() < entity.epoch;
        if (!old) {
            entity.partition = from;
            entity.epoch = message.epoch();
        }
        if (message instanceof AccountMessage.Batch batch) {
            if (batch.opening() != null) {
                entity.opened(batch.opening());
            }
            AccountReply reply = entity.cell.on(batch);
            if (reply != null) {
                answers.reply(from, reply, entity);
            }
        } else if (old) {
            answers.reply(from, new AccountReply.Retired(entity.account, message.epoch()), entity);
        } else {
            entity.leaving = true;
        }
    }

    /** Lets those go that were asked to leave. */
    void passivate() {
        for (String account : List.copyOf(entities.keySet())) {
            Entity entity = entities.get(account);
            if (entity != null && entity.leaving) {
                stop(account);
                entity.held.forEach(held -> receive(account, held.from(), held.message()));
            }
        }
    }

    /** The shard goes to another node: all accounts leave memory, and what is held back for them is lost. */
    void handOff() {
        new ArrayList<>(entities.keySet()).forEach(this::stop);
    }

    /** The node has crashed. */
    void clear() {
        entities.clear();
    }

    private void stop(String account) {
        Entity entity = entities.remove(account);
        if (entity != null && entity.partition != null) {
            answers.reply(entity.partition, new AccountReply.Retired(account, entity.epoch), entity);
        }
    }
}
