package io.outrider.training.etl;

import java.io.IOException;

/** A replay on another node failed, and would fail again; the message is what that node says. */
public final class HopelessReplayException extends IOException {

    private static final long serialVersionUID = 1;

    public HopelessReplayException(String message) {
        super(message);
    }
}
