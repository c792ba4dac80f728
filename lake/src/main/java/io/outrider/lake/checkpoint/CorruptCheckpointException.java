package io.outrider.lake.checkpoint;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A checkpoint's manifest or one of its files is missing, damaged, or of another kind than it claims. */
public final class CorruptCheckpointException extends IOException {

    public CorruptCheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
