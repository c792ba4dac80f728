package io.outrider.core.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.outrider.core.trace.EventTrace;
import org.jspecify.annotations.Nullable;

/**
 * An accepted transaction with its place in its partition's log, or an account's erasure with its.
 *
 * @param offset offset within the partition
 * @param appendTimeMs log append time, milliseconds since the epoch
 * @param transaction of an erasure, one that names the account and nothing else; it is never folded
 * @param erasure the erasure's id; null for a transaction
 * @param trace follows the event through this node; null for nearly all, which are not sampled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedEvent(
        long offset,
        long appendTimeMs,
        Transaction transaction,
        @Nullable String erasure,
        @Nullable EventTrace trace) {

    /** A transaction that is not sampled. */
    public LoggedEvent(long offset, long appendTimeMs, Transaction transaction) {
        this(offset, appendTimeMs, transaction, null, null);
    }

    /** An account's erasure. */
    public static LoggedEvent of(long offset, long appendTimeMs, Erasure erasure) {
        Transaction of =
                new Transaction(erasure.id(), erasure.account(), 0, appendTimeMs, null, null, null, null, null);
        return new LoggedEvent(offset, appendTimeMs, of, erasure.id(), null);
    }

    /** Whether the account is to be forgotten here. */
    public boolean erases() {
        return erasure != null;
    }
}
