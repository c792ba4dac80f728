package io.outrider.lake.alert;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies of the store's files on the node's own disk, because a Parquet file is read from its end. Files never change, so a
 * copy is as good as the file; those used longest ago go when there is no room. Thread-safe; two threads may fetch one file twice.
 */
final class LocalCopies implements AutoCloseable {

    private final BlobStore lake;
    private final long roomBytes;
    private final Path folder;
    private final Map<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
    private long takenBytes;
    private long fetched;

    private record Copy(Path file, long bytes) {}

    /**
     * An empty room for copies.
     *
     * @param roomBytes above which the copy used longest ago goes
     */
    LocalCopies(BlobStore lake, long roomBytes) throws IOException {
        this.lake = lake;
        this.roomBytes = roomBytes;
        this.folder = Files.createTempDirectory("outrider-alerts-");
    }

    /** A copy of the blob. It may go at any time; who has it open reads on. NoSuchFileException if there is no such blob. */
    Path of(String name) throws IOException {
        Path target;
        synchronized (this) {
            Copy copy = copies.get(name);
            if (copy != null && Files.exists(copy.file())) {
                return copy.file();
            }
            target = folder.resolve(++fetched + ".parquet");
        }
        try (InputStream content = lake.open(name).orElseThrow(() -> new NoSuchFileException(name))) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        }
        keep(name, new Copy(target, Files.size(target)));
        return target;
    }

    private synchronized void keep(String name, Copy copy) throws IOException {
        drop(copies.put(name, copy));
        takenBytes += copy.bytes();
        Iterator<Map.Entry<String, Copy>> oldest = copies.entrySet().iterator();
        while (takenBytes > roomBytes && copies.size() > 1 && oldest.hasNext()) {
            Copy old = oldest.next().getValue();
            oldest.remove();
            drop(old);
        }
    }

    private void drop(@org.jspecify.annotations.Nullable Copy copy) throws IOException {
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
