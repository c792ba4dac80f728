package io.outrider.detection.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An account in memory, to be spoken to without asking where it is. What that takes is the business of whoever carries
 * messages. Good for one life in memory: what is said to one that is gone is lost.
 */
public abstract class AccountPeer {

    /** What the run that last took an answer from here keeps of the account; that run's to read and to write. */
    @Nullable
    AccountSlot slot;
}
