package io.outrider.core.port;

import io.outrider.core.event.Rejection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes transactions from outside onto the log. Thread-safe. */
public interface TransactionIntake {

    /**
     * What became of one submitted event.
     *
     * @param index place in the submission, from 0
     * @param transactionId its id, or null if it could not be read
     * @param rejection why it was not accepted, or null if the broker has acknowledged it
     */
    record Outcome(
            int index,
            @Nullable String transactionId,
            @Nullable Rejection rejection) {}

    /**
     * Validates each JSON object and appends the valid ones, by account. Completes when the broker has acknowledged
     * all of them; fails with {@link UnavailableException} when it does not in time (some may have been appended).
     */
    CompletionStage<List<Outcome>> submit(List<byte[]> events);
}
