package io.outrider.lake.capture;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A Capture file is cut off, altered, or no Capture file. The message names the file and the block. */
public final class DamagedCaptureException extends IOException {

    private final String file;
    private final long block;

    DamagedCaptureException(String file, long block, String what, @Nullable Throwable cause) {
        super(file + ", " + (block == 0 ? "header" : "block " + block) + ": " + what, cause);
        this.file = file;
        this.block = block;
    }

    /** The file. */
    public String file() {
        return file;
    }

    /** Which block, from 1; 0 is the header. */
    public long block() {
        return block;
    }
}
