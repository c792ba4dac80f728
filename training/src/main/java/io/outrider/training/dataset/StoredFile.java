package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that a manifest names besides its tables.
 *
 * @param name blob name
 * @param sizeBytes exact size
 * @param sha256 of the whole file, lower-case hex
 */
public record StoredFile(String name, long sizeBytes, String sha256) {

    /** Puts a file into the lake. */
    public static StoredFile put(BlobStore lake, String name, byte[] content) throws IOException {
        lake.put(name, content);
        return new StoredFile(name, content.length, sha256(content));
    }

    /** Its content; IOException if it is not there or is another. */
    public byte[] read(BlobStore lake) throws IOException {
        byte[] content = lake.get(name)
                .orElseThrow(() -> new IOException(name + " is missing, though a dataset names it"))
                .content();
        if (content.length != sizeBytes || !sha256(content).equals(sha256)) {
            throw new IOException(name + " is damaged: it is not what the dataset's manifest says");
        }
        return content;
    }

    /** The SHA-256 of a file, lower-case hex. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
