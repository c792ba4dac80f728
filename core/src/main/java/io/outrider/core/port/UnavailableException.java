package io.outrider.core.port;

/** What was asked for cannot be answered now and may be shortly; the message says why. */
public final class UnavailableException extends RuntimeException {

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
