package io.outrider.detection.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An account in memory, to be spoken to without asking where it is. What that takes is the business of whoever carries
 * messages. Good for one life in memory: what is said to one that is gone is lost.
 */
public abstract class AccountPeer {

    /** What the run that last opened the account keeps of it. Written by the account, read by the run behind an answer. */
    @Nullable
    AccountSlot slot;

    /** A run opens the account: to be noted before the answer, so that the run need not look for what it keeps of it. */
    public final void opened(AccountMessage.Opening by) {
        slot = by.slot();
    }
}
