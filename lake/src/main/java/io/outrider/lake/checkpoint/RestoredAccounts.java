package io.outrider.lake.checkpoint;

import java.io.IOException;

/** Where the accounts of a claimed partition are loaded into. */
public interface RestoredAccounts extends AccountSink {

    /** Forgets what was put so far: the checkpoint it came from is damaged, and an earlier one is loaded instead. */
    void clear() throws IOException;
}
