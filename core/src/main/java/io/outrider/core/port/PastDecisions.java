package io.outrider.core.port;

import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of transactions that neither their account nor the alert store tells of: older ordinary ones, out of the lake. The
 * same on every node. Stages fail with {@link UnavailableException} while the lake cannot be read. Thread-safe.
 */
public interface PastDecisions {

    /**
     * Looks for an account's transaction; several where its id came several times. Work is bounded: what was looked through stands
     * in the answer.
     *
     * @param on the UTC date of the transaction's own time; without it only the newest dates are looked through
     */
    CompletionStage<Search> past(String account, String transactionId, @Nullable LocalDate on);

    /**
     * What was found.
     *
     * @param lookedThrough what was looked through, one phrase for each kind of place
     */
    record Search(List<Past> found, List<String> lookedThrough) {

        public Search {
            found = List.copyOf(found);
            lookedThrough = List.copyOf(lookedThrough);
        }
    }

    /** Where a transaction was found. */
    enum Place {
        /** A row of a dataset, with its features. */
        DATASET,
        /** The raw log in the lake. */
        CAPTURE
    }

    /**
     * A transaction of the log.
     *
     * @param scored what was decided and by what; null where that cannot be told any more
     * @param unknown why it cannot be told; null where it can
     */
    record Past(
            Place place,
            Transaction transaction,
            LogPosition position,
            @Nullable ScoredEvent scored,
            @Nullable String unknown) {}
}
