package io.outrider.lake.alert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the store's files on the node's own disk, because a Parquet file is read from its end. Files never change, so a
 * copy is as good as the file; those used longest ago go when there is no room. Thread-safe; two threads may fetch one file, of which the
 * first copy stays.
 */
final class LocalCopies implements AutoCloseable {

    private final Source lake;
    private final long roomBytes;
    private final Path folder;
    private final Map<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
    private long takenBytes;
    private long fetched;

    private record Copy(Path file, long bytes) {}

    /** Opens a blob to be read; empty if there is none. */
    @FunctionalInterface
    interface Source {
        Optional<InputStream> open(String name) throws IOException;
    }

    /**
     * An empty room for copies.
     *
     * @param roomBytes above which the copy used longest ago goes
     */
    LocalCopies(Source lake, long roomBytes) throws IOException {
        this.lake = lake;
        this.roomBytes = roomBytes;
        this.folder = Files.createTempDirectory("outrider-alerts-");
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Opening<T> {
        T of(Path file) throws IOException;
    }

    /**
     * What is made of a copy of the blob, which stays while it is made; who has it open then reads on when it goes. NoSuchFileException
     * if there is no such blob.
     */
    <T> T open(String name, Opening<T> opening) throws IOException {
        while (true) {
            synchronized (this) {
                Copy copy = kept(name);
                if (copy != null) {
                    return opening.of(copy.file());
                }
            }
            fetch(name);
        }
    }

    private void fetch(String name) throws IOException {
        Path target;
        synchronized (this) {
            target = folder.resolve(++fetched + ".parquet");
        }
        try (InputStream content = lake.open(name).orElseThrow(() -> new NoSuchFileException(name))) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        }
        keep(name, new Copy(target, Files.size(target)));
    }

    private synchronized @Nullable Copy kept(String name) {
        Copy copy = copies.get(name);
        return copy != null && Files.exists(copy.file()) ? copy : null;
    }

    private synchronized void keep(String name, Copy copy) throws IOException {
        if (kept(name) != null) {
            Files.deleteIfExists(copy.file()); // another thread was first
            return;
        }
        drop(copies.put(name, copy));
        takenBytes += copy.bytes();
        Iterator<Map.Entry<String, Copy>> oldest = copies.entrySet().iterator();
        while (takenBytes > roomBytes && copies.size() > 1 && oldest.hasNext()) {
            Copy old = oldest.next().getValue();
            oldest.remove();
            drop(old);
        }
    }

    private void drop(@Nullable Copy copy) throws IOException {
        if (copy != null) {
            takenBytes -= copy.bytes();
            Files.deleteIfExists(copy.file());
        }
    }

    /** Deletes all copies. */
    @Override
    public synchronized void close() throws IOException {
        copies.clear();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
