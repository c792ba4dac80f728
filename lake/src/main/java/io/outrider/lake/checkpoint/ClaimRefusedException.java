package io.outrider.lake.checkpoint;

import java.io.IOException;

/** A partition cannot be claimed as things are; trying again will not help. The message tells people what is wrong. */
public final class ClaimRefusedException extends IOException {

    public ClaimRefusedException(String message) {
        super(message);
    }
}
