package io.outrider.lake.checkpoint;

import java.io.IOException;

/** Takes accounts one by one, so that nobody needs to hold them all. */
@FunctionalInterface
public interface AccountSink {

    /**
     * Takes an account; a later state of the same account replaces an earlier one.
     *
     * @param state nobody changes it afterwards; no bytes where the account was erased: what came before of it is void
     */
    void put(String account, byte[] state) throws IOException;
}
