package io.outrider.lake.blob;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why something cannot be had, in words: a file system's exceptions name the file but not always what was wrong with it. */
public final class FailureReason {

    private FailureReason() {}

    public static String of(Throwable failure) {
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + failure.getClass().getSimpleName();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
