package io.outrider.lake.checkpoint;

import java.io.IOException;

/** A partition cannot be claimed as things are; trying again will not help. The message tells people what is wrong. */
public final class ClaimRefusedException extends IOException {

    private final long undecided;

    public ClaimRefusedException(String message) {
        this(message, 0);
    }

    /** @param undecided records that left the log before they were decided */
    ClaimRefusedException(String message, long undecided) {
        super(message);
        this.undecided = undecided;
    }

    /** Records between the checkpoint and the log's start: they are gone, and nobody has decided them. */
    public long undecided() {
        return undecided;
    }
}
