package io.outrider.lake.azure;

import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import java.util.Objects;
import java.util.stream.Stream;
import reactor.core.Exceptions;

/** What the SDK's exceptions say. */
final class StorageErrors {

    private StorageErrors() {}

    /**
     * The error to judge a failed call by. Blocks of one blob are sent side by side; where two fail at the same moment,
     * the SDK throws both as one exception without a code of its own. The service's answer comes first then, the others
     * are kept as suppressed.
     */
    static RuntimeException single(RuntimeException e) {
        if (!Exceptions.isMultiple(e)) {
            return e;
        }
        RuntimeException chosen = several(e)
                .filter(BlobStorageException.class::isInstance)
                .findFirst()
                .or(() -> several(e).findFirst())
                .orElse(e);
        several(e).filter(other -> other != chosen).forEach(chosen::addSuppressed);
        return chosen;
    }

    private static Stream<RuntimeException> several(RuntimeException e) {
        return Exceptions.unwrapMultipleExcludingTracebacks(e).stream()
                .filter(RuntimeException.class::isInstance)
                .map(RuntimeException.class::cast);
    }

    /** Whether there is no such blob, or no such container. */
    static boolean isAbsent(BlobStorageException e) {
        return BlobErrorCode.BLOB_NOT_FOUND.equals(e.getErrorCode())
                || BlobErrorCode.CONTAINER_NOT_FOUND.equals(e.getErrorCode());
    }

    static boolean isInterrupt(RuntimeException e) {
        return chain(e).anyMatch(InterruptedException.class::isInstance);
    }

    /** The first cause that is no wrapping of the SDK's: a refused connection, a timeout, a missing identity. */
    static Throwable reason(RuntimeException e) {
        return chain(e).filter(cause -> !(cause instanceof RuntimeException))
                .findFirst()
                .orElse(e);
    }

    private static Stream<Throwable> chain(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }
}
