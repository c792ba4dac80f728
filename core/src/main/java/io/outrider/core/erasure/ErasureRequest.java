package io.outrider.core.erasure;

import io.outrider.core.event.LogPosition;
import io.outrider.core.pseudonym.AccountHash;
import org.jspecify.annotations.Nullable;

/**
 * That an account was to be erased: who said so, when, and from which records on the account begins anew. Names no account.
 *
 * @param id names it
 * @param account the account's {@link AccountHash}
 * @param by who asked for it
 * @param requestedAt when, ISO-8601, UTC
 * @param transactions where the erasure lies in the transactions topic: what lies before it of the account is erased. Null
 *     until it is there
 * @param labels the same in the labels topic
 * @param datasetsAt when the datasets had nothing of it any more, ISO-8601, UTC; null before
 */
public record ErasureRequest(
        String id,
        String account,
        String by,
        String requestedAt,
        @Nullable LogPosition transactions,
        @Nullable LogPosition labels,
        @Nullable String datasetsAt) {

    /** The same of an account by another name; of the transactions topic it is still to be said where. */
    public ErasureRequest of(String newId, String newAccount) {
        return new ErasureRequest(newId, newAccount, by, requestedAt, null, labels, null);
    }

    /** The same, with its places in the logs. */
    public ErasureRequest logged(LogPosition inTransactions, LogPosition inLabels) {
        return new ErasureRequest(id, account, by, requestedAt, inTransactions, inLabels, datasetsAt);
    }

    /** The same, with datasets rid of it since then, or, for null, not. */
    public ErasureRequest withoutDatasets(@Nullable String at) {
        return new ErasureRequest(id, account, by, requestedAt, transactions, labels, at);
    }
}
