package io.outrider.app.command;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked to; the message is for the person who typed it and needs no stack trace. */
public class CommandException extends RuntimeException {

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Refuses what was typed, in these words, unless a condition holds. */
    public static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CommandException(otherwise);
        }
    }
}
