package io.outrider.lake.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file that can't be read to its end, gzip cut short or altered for one; the message names it and how far it was read. */
public final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * @param lastLine the last line that was read, counted from 1; 0 if none was
     * @param cause what went wrong after it
     */
    public DamagedFileException(Path file, long lastLine, IOException cause) {
        super(
                file + ": can't be read" + (lastLine > 0 ? " beyond line " + lastLine : "") + ": " + reason(cause),
                cause);
    }

    /** gzip's header, cut short, comes without a message. */
    private static String reason(IOException cause) {
        return cause.getMessage() == null ? "it ends too early" : cause.getMessage();
    }
}
