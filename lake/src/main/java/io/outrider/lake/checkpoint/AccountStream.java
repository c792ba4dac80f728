package io.outrider.lake.checkpoint;

import java.io.IOException;
import java.util.List;

/**
 * Accounts of a checkpoint, each at most once. Passing them on may be repeated, and gives the same accounts in the same
 * order every time: a checkpoint that is written again must be the same, byte for byte.
 */
@FunctionalInterface
public interface AccountStream {

    /**
     * Passes all accounts on. Throws what the sink does, and UncheckedIOException if they cannot be had from where they
     * are, which trying again does not change.
     */
    void forEach(AccountSink sink) throws IOException;

    /** Accounts that are in memory anyway. */
    static AccountStream of(List<AccountBytes> accounts) {
        return sink -> {
            for (AccountBytes account : accounts) {
                sink.put(account.account(), account.state());
            }
        };
    }
}
