package io.outrider.lake.model;

import java.io.IOException;

/** A registered model's manifest or trees are not what was registered. */
public final class DamagedModelException extends IOException {

    private final String reason;

    DamagedModelException(String version, Throwable cause) {
        super("model " + version + " is damaged: " + cause.getMessage(), cause);
        this.reason = String.valueOf(cause.getMessage());
    }

    /** What is wrong with it. */
    public String reason() {
        return reason;
    }
}
