package io.outrider.detection.entity;

import io.outrider.detection.protocol.AccountPeer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** How messages reach accounts. Thread-safe. */
public interface AccountRoute {

    /**
     * Sends a message to an account of a partition: at most once, in order among those to a peer and among those to none.
     *
     * @param peer the account in memory; null if it is to be looked for, and its entity started if need be
     */
    void tell(int partition, String account, @Nullable AccountPeer peer, AccountEntity.Command message);

    /**
     * Brings a partition's accounts to this node; completes when messages to them are answered from here. Fails with
     * UnavailableException if they do not come in time, or once they are not to come any more.
     *
     * @param stands whether they still are to come; asked before anything is moved
     */
    CompletionStage<Done> attract(int partition, Duration timeout, Supplier<CompletionStage<Boolean>> stands);
}
