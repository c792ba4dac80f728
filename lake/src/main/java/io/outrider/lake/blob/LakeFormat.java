package io.outrider.lake.blob;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The layout of a lake, stated in the lake itself so that a program of another layout refuses it as a whole:
 * {@code checkpoints/format}, a decimal number and a line feed.
 */
public final class LakeFormat {

    /** The layout that this program writes and reads. */
    public static final int VERSION = 1;

    private static final String NAME = "checkpoints/format";

    private LakeFormat() {}

    /**
     * Returns if the lake has this program's layout, or none yet, which is then stated.
     *
     * @throws IOException if it has another layout, or cannot be read or written
     */
    public static void check(BlobStore lake) throws IOException {
        Optional<BlobStore.Blob> stated = lake.get(NAME);
        if (stated.isEmpty()) {
            byte[] own = (VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
            if (lake.putIfAbsent(NAME, own).isPresent()) {
                return;
            }
            stated = lake.get(NAME);
        }
        String found =
                new String(stated.map(BlobStore.Blob::content).orElse(new byte[0]), StandardCharsets.US_ASCII).strip();
        if (!found.equals(Integer.toString(VERSION))) {
            throw new IOException("the lake was written in format '" + found + "', and this program reads format "
                    + VERSION + "; use the program that wrote it, or another lake");
        }
    }
}
