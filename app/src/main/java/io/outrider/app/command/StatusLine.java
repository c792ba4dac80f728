package io.outrider.app.command;

import java.io.PrintWriter;

/** One line on standard error that is written anew from time to time, for a person; where none looks, nothing is printed. */
final class StatusLine implements AutoCloseable {

    private final PrintWriter err;
    private int width;

    StatusLine(PrintWriter err) {
        this.err = err;
    }

    void show(String text) {
        if (Progress.WATCHED) {
            err.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
            err.flush();
            width = text.length();
        }
    }

    /** Leaves what was shown last, and goes on below it. */
    @Override
    public void close() {
        if (width > 0) {
            err.println();
            err.flush();
        }
    }
}
