package io.outrider.app.rollout;

import io.outrider.app.command.CommandException;
import java.time.Duration;

/** A change of the rollout is refused only because that was too early. */
final class EarlyException extends CommandException {

    private final Duration retryAfter;

    /** @param retryAfter when to ask again */
    EarlyException(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
