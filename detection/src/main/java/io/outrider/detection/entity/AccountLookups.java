package io.outrider.detection.entity;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.UnavailableException;
import io.outrider.detection.protocol.PartitionRun;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * Answers questions about a run's accounts: an active one's actor answers for itself, a passive one is looked up here, by the
 * plan of the run's states, whatever is to be in force. Changes nothing.
 */
final class AccountLookups {

    private final int partition;
    private final Surroundings node;
    private final PartitionRun run;
    private final AccountStateCodec codec;

    AccountLookups(int partition, Surroundings node, PartitionRun run, AccountStateCodec codec) {
        this.partition = partition;
        this.node = node;
        this.run = run;
        this.codec = codec;
    }

    void find(String account, ActorRef<StatusReply<Optional<AccountView>>> replyTo) {
        if (run.accounts().isActive(account)) {
            ask(account, new AccountEntity.View(replyTo));
            return;
        }
        byte[] state = run.accounts().state(account);
        replyTo.tell(StatusReply.success(Optional.ofNullable(state)
                .map(codec::decode)
                .map(known -> AccountView.of(account, partition, known, codec.featureStateHash(known)))));
    }

    void assess(Transaction transaction, ActorRef<StatusReply<Assessment>> replyTo) {
        if (run.accounts().isActive(transaction.account())) {
            ask(transaction.account(), new AccountEntity.Assess(transaction, run.context(), replyTo));
        } else {
            replyTo.tell(StatusReply.success(
                    node.scorer().assess(state(transaction.account()), transaction, run.context())));
        }
    }

    /**
     * Asks an active account, on the way that its batches take: then the question comes behind what brought the account into
     * memory, and before it is asked to leave. By another way it could start the account again, without its state.
     */
    private void ask(String account, AccountEntity.Command question) {
        node.accounts().tell(partition, account, run.accounts().peer(account), question);
    }

    /** Off the actor's thread: all names are looked at for a page. */
    void names(PartitionEntity.Names ask) {
        Iterable<String> all = run.accounts().names();
        node.threads().loads().execute(() -> {
            StatusReply<AccountNames> reply;
            try {
                reply = StatusReply.success(AccountNames.first(all, ask.after(), ask.limit()));
            } catch (UncheckedIOException e) {
                reply = StatusReply.error(new UnavailableException("the run has ended meanwhile: " + e.getMessage()));
            }
            ask.replyTo().tell(reply);
        });
    }

    private AccountState state(String account) {
        byte[] bytes = run.accounts().state(account);
        return bytes == null ? codec.fresh() : codec.decode(bytes);
    }
}
