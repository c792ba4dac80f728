package io.outrider.detection.entity;

import io.outrider.detection.protocol.AccountCell;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** Accounts without entities: each message is answered on the spot, unless it is to be lost. */
final class DirectRoute implements AccountRoute {

    private final SharedScorer scorer;
    private final Map<String, AccountCell<ScoredAccount>> cells = new ConcurrentHashMap<>();
    volatile Predicate<AccountMessage> loses = message -> false;

    DirectRoute(SharedScorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public void tell(int partition, String account, @Nullable AccountPeer peer, AccountEntity.Command message) {
        if (!(message instanceof AccountEntity.Deliver deliver) || loses.test(deliver.message())) {
            return;
        }
        AccountReply reply;
        if (deliver.message() instanceof AccountMessage.Batch batch) {
            reply = cells.computeIfAbsent(
                            account, name -> new AccountCell<>(name, ScoredAccount.fold(scorer, "g", partition)))
                    .on(batch);
        } else {
            cells.remove(account);
            reply = new AccountReply.Retired(account, deliver.message().epoch());
        }
        if (reply != null) {
            deliver.replyTo().tell(new PartitionEntity.Answer(reply, null));
        }
    }

    /** Completes when accounts are there. */
    volatile CompletionStage<Done> arrival = CompletableFuture.completedFuture(Done.getInstance());

    /** Whether those that were last called are still to come. */
    volatile Supplier<CompletionStage<Boolean>> stands = () -> CompletableFuture.completedFuture(false);

    @Override
    public CompletionStage<Done> attract(
            int partition, Duration timeout, Supplier<CompletionStage<Boolean>> stillWanted) {
        stands = stillWanted;
        return arrival;
    }
}
