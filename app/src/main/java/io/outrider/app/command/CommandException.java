package io.outrider.app.command;

/** A command cannot do what it was asked to; the message is for the person who typed it and needs no stack trace. */
public final class CommandException extends RuntimeException {

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
