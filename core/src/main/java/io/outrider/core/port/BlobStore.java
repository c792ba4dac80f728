package io.outrider.core.port;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Bytes at rest under slash-separated names ({@code checkpoints/transactions/3/manifest.json}): the lake.
 *
 * <p>A write is atomic: readers see the whole old or the whole new content, never a mixture, and what {@code put} has
 * returned for survives a crash of the process. A conditional write takes effect only if its condition holds at that moment. When a call throws
 * {@link IOException} its effect is unknown (an answer may be lost after the write took effect): read again before
 * concluding anything. It may even come after that reading, from a request that is still on its way. A conditional write
 * is harmless then, because its condition has gone once anything else was written; an unconditional one is not, so a name
 * that must never fall back to older content wants conditional writes. Implementations are thread-safe and may be used by
 * several processes at once.
 */
public interface BlobStore {

    /** Content and the version (ETag) it had when read. */
    record Blob(byte[] content, String etag) {}

    /** Name, size and last change of a blob, as listed. */
    record Entry(String name, long sizeBytes, long lastModifiedMs) {}

    /** Reads a blob whole; empty if there is none under the name. */
    Optional<Blob> get(String name) throws IOException;

    /**
     * Opens a blob to be read from start to end without holding it in memory; empty if there is none under the name. All
     * bytes are of one version: where it is replaced meanwhile, reading may fail. The caller closes it. This default holds
     * the blob in memory.
     */
    default Optional<InputStream> open(String name) throws IOException {
        return get(name).map(blob -> new ByteArrayInputStream(blob.content()));
    }

    /** Writes unconditionally, replacing what was there. Returns the new ETag. */
    String put(String name, byte[] content) throws IOException;

    /** Creates the blob if there is none; empty if the name is taken (and nothing is changed). Otherwise the new ETag. */
    Optional<String> putIfAbsent(String name, byte[] content) throws IOException;

    /** Replaces the blob if its ETag still is the given one; empty if not (and nothing is changed). Otherwise the new ETag. */
    Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException;

    /** Removes the blob; no error if there is none. */
    void delete(String name) throws IOException;

    /** All blobs whose name starts with the prefix, by name ascending. */
    List<Entry> list(String prefix) throws IOException;
}
