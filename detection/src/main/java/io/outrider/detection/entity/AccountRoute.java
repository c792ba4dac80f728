package io.outrider.detection.entity;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/** How messages reach accounts. Thread-safe. */
public interface AccountRoute {

    /** Sends a message to an account of a partition: in order, at most once, starting the entity if need be. */
    void tell(int partition, String account, AccountEntity.Command message);

    /**
     * Brings a partition's accounts to this node; completes when messages to them are answered from here. Fails with
     * UnavailableException if they do not come in time, or once they are not to come any more.
     *
     * @param stands whether they still are to come; asked before anything is moved
     */
    CompletionStage<Done> attract(int partition, Duration timeout, Supplier<CompletionStage<Boolean>> stands);
}
