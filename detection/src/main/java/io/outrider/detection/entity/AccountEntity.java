package io.outrider.detection.entity;

import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountCell;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * One account in memory: folds its events in the order of its mailbox and answers its partition. It has no state of its
 * own to lose: the first message of a run brings the state along, and barriers take it back.
 */
public final class AccountEntity extends ExtensibleBehavior<AccountEntity.Command> {

    /** What an account understands. */
    public sealed interface Command {}

    /** A message of the partition's run; answered by {@link PartitionEntity.Answer}. */
    record Deliver(AccountMessage message, ActorRef<PartitionEntity.Command> replyTo) implements Command {}

    /** Are you there, and where? Then leaves memory again. */
    record Touch(ActorRef<Touched> replyTo) implements Command {}

    /** Answer to {@link Touch}: the entity itself, whose path tells the node. */
    record Touched(ActorRef<Command> entity) {}

    /** What does the account look like? */
    record View(ActorRef<StatusReply<Optional<AccountView>>> replyTo) implements Command {}

    /** What would you say of this transaction? */
    record Assess(Transaction transaction, ContextRef context, ActorRef<StatusReply<Assessment>> replyTo)
            implements Command {}

    /** Sharding's last message to the entity, after {@link AccountMessage.Retire} or at a hand-off. */
    enum Stop implements Command {
        INSTANCE
    }

    /** An entity as its partition knows it, past region and shard, which cost more than the message. */
    static final class Peer extends AccountPeer {

        private final ActorRef<Command> ref;

        Peer(ActorRef<Command> ref) {
            this.ref = ref;
        }

        ActorRef<Command> ref() {
            return ref;
        }
    }

    /** Whom an entity is, and what it works with. */
    record Identity(
            String account,
            int partition,
            SharedScorer scorer,
            String generation,
            ActorRef<ClusterSharding.ShardCommand> shard) {}

    private final Peer self;
    private final Identity identity;
    private final AccountCell<ScoredAccount> cell;

    /** Where the last message came from, and its epoch: who is to know when we are gone. */
    private @Nullable ActorRef<PartitionEntity.Command> partition;

    private long epoch;

    private AccountEntity(ActorRef<Command> self, Identity identity) {
        this.self = new Peer(self);
        this.identity = identity;
        this.cell = new AccountCell<>(
                identity.account(), ScoredAccount.fold(identity.scorer(), identity.generation(), identity.partition()));
    }

    static Behavior<Command> create(Identity identity) {
        return Behaviors.setup(context -> new AccountEntity(context.getSelf(), identity));
    }

    /** One method handles all messages: a table of handlers for each of a million entities would cost more than they do. */
    @Override
    public Behavior<Command> receive(TypedActorContext<Command> context, Command command) {
        if (command instanceof Deliver deliver) {
            onDeliver(deliver);
        } else if (command instanceof Touch touch) {
            onTouch(touch);
        } else if (command instanceof View view) {
            onView(view);
        } else if (command instanceof Assess assess) {
            onAssess(assess);
        } else if (command instanceof Stop) {
            return onStop();
        } else {
            return Behaviors.unhandled();
        }
        return Behaviors.same();
    }

    @Override
    public Behavior<Command> receiveSignal(TypedActorContext<Command> context, Signal signal) {
        return Behaviors.unhandled();
    }

    private void onDeliver(Deliver deliver) {
        if (deliver.message().epoch() > epoch || partition == null) {
            partition = deliver.replyTo();
            epoch = deliver.message().epoch();
        }
        if (deliver.message() instanceof AccountMessage.Batch batch) {
            if (batch.opening() != null) {
                self.opened(batch.opening());
            }
            AccountReply reply;
            try {
                reply = cell.on(batch);
            } catch (RuntimeException e) {
                deliver.replyTo()
                        .tell(new PartitionEntity.Answer(
                                new AccountReply.Refused(identity.account(), batch.epoch(), "folding failed: " + e),
                                self));
                throw e;
            }
            if (reply != null) {
                deliver.replyTo().tell(new PartitionEntity.Answer(reply, self));
            }
        } else if (deliver.message().epoch() < epoch) {
            // A late word of an earlier run, which must not push out what a newer one works with.
            deliver.replyTo()
                    .tell(new PartitionEntity.Answer(
                            new AccountReply.Retired(
                                    identity.account(), deliver.message().epoch()),
                            self));
        } else {
            passivate();
        }
    }

    private void onTouch(Touch touch) {
        touch.replyTo().tell(new Touched(self.ref()));
        passivate();
    }

    private void onView(View view) {
        ScoredAccount account = cell.state();
        leaveIfEmpty();
        view.replyTo()
                .tell(
                        account == null
                                ? moving()
                                : account.isEmpty()
                                        ? StatusReply.success(Optional.empty())
                                        : StatusReply.success(Optional.of(account.view(identity.account()))));
    }

    private void onAssess(Assess assess) {
        ScoredAccount account = cell.state();
        leaveIfEmpty();
        Assessment said = account == null ? null : account.assess(assess.transaction(), assess.context());
        assess.replyTo().tell(said == null ? moving() : StatusReply.success(said));
    }

    private Behavior<Command> onStop() {
        if (partition != null) {
            partition.tell(new PartitionEntity.Answer(new AccountReply.Retired(identity.account(), epoch), self));
        }
        return Behaviors.stopped();
    }

    /** A question that met no state has itself brought us back into memory, from where no run would retire us. */
    private void leaveIfEmpty() {
        if (cell.state() == null) {
            passivate();
        }
    }

    /** Has the shard hold back further messages until we are gone, and then start us afresh for them. */
    private void passivate() {
        identity.shard().tell(new ClusterSharding.Passivate<>(self.ref()));
    }

    private <T> StatusReply<T> moving() {
        return StatusReply.error("account " + identity.account() + " is moving");
    }
}
